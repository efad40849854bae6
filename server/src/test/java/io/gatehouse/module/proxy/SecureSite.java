package io.gatehouse.module.proxy;

import io.gatehouse.testing.Pki;
import io.gatehouse.wire.tls.AnyPeer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.Key;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/** Applications that speak TLS behind the server of a test. */
class SecureSite extends ProxiedSite {
    /** An application with this certificate. */
    Application secure(X509Bundle bundle, Application.Script script) throws Exception {
        return secure(bundle, socket -> {}, script);
    }

    Application secure(X509Bundle bundle, Consumer<SSLServerSocket> setting, Application.Script script)
            throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new Keys(bundle)}, new TrustManager[] {new AnyPeer()}, null);
        Application made = Application.secure(context, setting, script);
        applications.add(made);
        return made;
    }

    /** Writes a file that the configuration can name. */
    Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.US_ASCII);
    }

    /** Writes NAME.crt and NAME.key. */
    void credentials(String name, X509Bundle bundle) throws IOException {
        file(name + ".crt", bundle.getCertificatePathPEM());
        file(name + ".key", bundle.getPrivateKeyPEM());
    }

    void authority() throws IOException {
        file("ca.crt", Pki.CA.getCertificatePEM());
    }

    /** The key in PKCS#8, encrypted with a password. */
    static String encrypted(X509Bundle bundle, String password) throws Exception {
        String algorithm = "PBEWithHmacSHA256AndAES_128";
        Key secret = SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray()));
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                secret,
                new PBEParameterSpec(new byte[8], 2048, new IvParameterSpec(new byte[16])));
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        byte[] encrypted = cipher.doFinal(bundle.getKeyPair().getPrivate().getEncoded());
        byte[] der = new EncryptedPrivateKeyInfo(parameters, encrypted).getEncoded();
        return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
    }

    /** Answers with what the client has shown and asked for. */
    static void mirror(Application.Connection connection) throws IOException {
        while (true) {
            connection.head();
            connection.answer(facts(connection));
        }
    }

    private static String facts(Application.Connection connection) {
        String shown = "nobody";
        try {
            shown = connection.tls().getPeerPrincipal().getName();
        } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
            // it has shown nothing
        }
        StringBuilder names = new StringBuilder();
        connection
                .tls()
                .getRequestedServerNames()
                .forEach(name -> names.append(new String(name.getEncoded(), StandardCharsets.US_ASCII)));
        return shown + " asks for \"" + names + "\" over " + connection.tls().getProtocol() + " on "
                + connection.number;
    }

    private static final class Keys extends X509ExtendedKeyManager {
        private final X509Bundle bundle;

        Keys(X509Bundle bundle) {
            this.bundle = bundle;
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            if (!type.startsWith(bundle.getKeyPair().getPrivate().getAlgorithm().equals("RSA") ? "RSA" : "EC")) {
                return null;
            }
            return "it";
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return chooseServerAlias(type, issuers, null);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return bundle.getCertificatePath();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return bundle.getKeyPair().getPrivate();
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"it"};
        }
    }
}
