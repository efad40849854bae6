package io.gatehouse.tls.ocsp;

/** A response that says nothing: broken, an error, about another certificate, old, or signed by nobody who may. */
final class UnusableResponse extends Exception {
    private static final long serialVersionUID = 1;

    private final String message;

    /** @param message in nginx's words, with OpenSSL's */
    UnusableResponse(String message) {
        super(message, null, false, false);
        this.message = message;
    }

    String message() {
        return message;
    }
}
