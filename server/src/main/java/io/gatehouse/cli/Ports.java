package io.gatehouse.cli;

/** Port numbers on the command line. */
final class Ports {
    private static final int LAST = 65_535;

    private Ports() {}

    /** The number, or -1 if the text is no port. */
    static int parse(String text) {
        try {
            int port = Integer.parseInt(text);
            return port >= 1 && port <= LAST ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** A port to try when that one is taken. */
    static int other(int port) {
        return port < LAST ? port + 1 : port - 1;
    }
}
