package io.gatehouse.tls.acme;

import org.jspecify.annotations.Nullable;

/** How one shows an authority that a name is one's own. */
public enum ChallengeType {
    /** It asks port 80 for a file (RFC 8555, 8.3). */
    HTTP_01("http-01", "http"),
    /** It asks port 443 for a certificate of its own kind (RFC 8737). */
    TLS_ALPN_01("tls-alpn-01", "tls-alpn");

    private final String text;
    private final String unversioned;

    ChallengeType(String text, String unversioned) {
        this.text = text;
        this.unversioned = unversioned;
    }

    /** The registered name. */
    public String text() {
        return text;
    }

    /** The type that is registered under that name, or has it without the version; null if there is none. */
    public static @Nullable ChallengeType of(String text) {
        for (ChallengeType type : values()) {
            if (type.text.equals(text) || type.unversioned.equals(text)) {
                return type;
            }
        }
        return null;
    }
}
