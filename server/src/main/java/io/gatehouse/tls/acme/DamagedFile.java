package io.gatehouse.tls.acme;

/** A file in a state folder does not hold what this program writes. */
final class DamagedFile extends Exception {
    private static final long serialVersionUID = 1;

    private final String file;

    DamagedFile(String file, String why) {
        super(why, null, false, false);
        this.file = file;
    }

    String file() {
        return file;
    }
}
