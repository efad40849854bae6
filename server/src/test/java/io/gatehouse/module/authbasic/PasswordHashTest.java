package io.gatehouse.module.authbasic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    @ParameterizedTest
    @CsvSource({
        "password, '$apr1$salt$Xxd1irWT9ycqoYxGFn4cb.'",
        "password, {PLAIN}password",
        "'', {PLAIN}",
        "password, {SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
        "password, {SSHA}yI6cZwQadOA1e+/f+T+H3eCQQhRzYWx0",
        "password, sa3tHJ3/KuYvI",
        "password, '$1$salt$qJH7.N4xYta3aEG/dfqo/0'",
        "password, '$2y$05$abcdefghijklmnopqrstuuO0OQrsrgL2WOGRAvdo2tZbESp6r2ioq'",
    })
    void aPasswordHasItsHashAndNoOther(String password, String hash) throws Exception {
        if (hash.startsWith("$2y$")) {
            // the salt's own hash, whatever the library makes of it, is what is compared with
            hash = SystemCrypt.hash(password.getBytes(StandardCharsets.ISO_8859_1), hash);
            assertThat(hash).startsWith("$2y$05$abcdefghijklmnopqrstu");
        }
        assertThat(PasswordHash.matches(password, hash)).isTrue();
        assertThat(PasswordHash.matches("x" + password, hash)).isFalse();
        assertThat(PasswordHash.matches("Password", hash)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "5", "6", "apr1"})
    void whatOpensslWritesIsUnderstood(String form) throws Exception {
        Process openssl;
        try {
            openssl = new ProcessBuilder("openssl", "passwd", "-" + form, "-salt", "NaCl.9/x", "pässword")
                    .redirectErrorStream(true)
                    .start();
        } catch (java.io.IOException notThere) {
            Assumptions.abort("openssl is not installed");
            return;
        }
        String hash = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertThat(openssl.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(hash).startsWith("$" + form + "$NaCl.9/x$");
        String octets = new String("pässword".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(PasswordHash.matches(octets, hash)).isTrue();
        assertThat(PasswordHash.matches("password", hash)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*0",
                "*1",
                "$",
                "$1$",
                "$apr1$",
                "$apr1$salt",
                "$2y$",
                "$9$salt$x",
                "{SSHA}_____wQadOA1e+/f+T+H3eCQQhRzYWx0",
                "{SSHA}Zm9vCg==",
                "{SHA}_____Mm5Pz8GgiULbPgzG37mj9g=",
                "{SHA}",
                "{MD5}x",
            })
    void aBrokenHashLetsNobodyIn(String hash) {
        boolean in;
        try {
            in = PasswordHash.matches("1", hash);
        } catch (PasswordHash.NotComputable e) {
            assertThat(e.getMessage()).startsWith("crypt_r() failed (");
            in = false;
        }
        assertThat(in).isFalse();
    }

    @Test
    void anEmptyPasswordIsAPasswordToo() throws Exception {
        String hash = Apr1.hash(new byte[0], "$apr1$abc$");
        assertThat(PasswordHash.matches("", hash)).isTrue();
        assertThat(PasswordHash.matches("\0x", hash)).isTrue();
        assertThat(PasswordHash.matches("x", hash)).isFalse();
    }
}
