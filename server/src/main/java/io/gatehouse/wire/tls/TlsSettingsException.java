package io.gatehouse.wire.tls;

/** Something that a context or an identity was to be made from is not in order. */
public final class TlsSettingsException extends Exception {
    private static final long serialVersionUID = 1;

    private final String call;
    private final String error;

    /**
     * @param call the function of OpenSSL that nginx would have called, such as {@code SSL_CTX_set_cipher_list}
     * @param error what the library says of it: {@code error:100000b1:SSL routines:OPENSSL_internal:NO_CIPHER_MATCH}
     */
    public TlsSettingsException(String call, String error) {
        super(call + "() failed (SSL: " + error + ")");
        this.call = call;
        this.error = error;
    }

    public String call() {
        return call;
    }

    public String error() {
        return error;
    }
}
