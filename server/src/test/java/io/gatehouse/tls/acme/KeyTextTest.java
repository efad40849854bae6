package io.gatehouse.tls.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.Signature;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys of accounts, in every form in which an operator may have one. */
class KeyTextTest {
    /** As {@code openssl ecparam -genkey} writes it. */
    private static final String OF_OPENSSL = """
        -----BEGIN EC PARAMETERS-----
        BgUrgQQAIg==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MIGkAgEBBDCciTlOWWe4UoiITBgtrDFvf0kZLScI91A6T+ct4Kc63Bl3yb9eGWpI
        MVCBtTZzJM+gBwYFK4EEACKhZANiAARMA6Dc3CYspYlPf9uMz1i98sGfwJOMQYWO
        nfPZAK14JURQTT6LIg8HRVUoKL3TWQnv6g+YLJj6pakCBG3gAkYWz8OPWgd67L1z
        rYzLJdb5ly+pUBD+WhDt1ua6fp6sWVo=
        -----END EC PRIVATE KEY-----
        """;

    @ParameterizedTest
    @EnumSource(
            value = KeyKind.class,
            names = {"RSA_3072", "RSA_4096"},
            mode = EnumSource.Mode.EXCLUDE)
    void readsWhatItWrites(KeyKind kind) throws IOException {
        KeyPair pair = kind.generate();
        KeyPair read = KeyText.read(KeyText.write(pair.getPrivate()));
        assertThat(read.getPublic()).isEqualTo(pair.getPublic());
        assertThat(read.getPrivate()).isEqualTo(pair.getPrivate());
        assertThat(KeyKind.of(kind.text())).isEqualTo(kind);
    }

    @Test
    void readsWhatOpensslWrites() throws Exception {
        KeyPair read = KeyText.read(OF_OPENSSL);
        Signature signature = Signature.getInstance("SHA384withECDSA");
        signature.initSign(read.getPrivate());
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        signature.initVerify(read.getPublic());
        signature.update((byte) 1);
        assertThat(signature.verify(signed)).isTrue();
    }

    @Test
    void readsTheFormOfPkcs1() throws IOException {
        KeyPair pair = KeyKind.RSA_2048.generate();
        StringWriter traditional = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(traditional)) {
            writer.writeObject(pair);
        }
        assertThat(traditional.toString()).contains("BEGIN RSA PRIVATE KEY");
        assertThat(KeyText.read(traditional.toString()).getPublic()).isEqualTo(pair.getPublic());
    }

    @Test
    void tellsThatThereIsNone() {
        assertThatThrownBy(() -> KeyText.read("nothing")).isInstanceOf(IOException.class);
    }
}
