package io.gatehouse.tls;

/** A file with a certificate, a key or the like cannot be used. The message is nginx's, with the name of the file, without a place. */
public final class UnusableFileException extends Exception {
    private static final long serialVersionUID = 1;

    public UnusableFileException(String message) {
        super(message);
    }
}
