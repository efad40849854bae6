package io.gatehouse.wire.tls;

/** A version of the protocol, by the name that {@code ssl_protocols} gives it. */
public enum TlsVersion {
    TLS_1_0("TLSv1"),
    TLS_1_1("TLSv1.1"),
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    public final String text;

    TlsVersion(String text) {
        this.text = text;
    }
}
