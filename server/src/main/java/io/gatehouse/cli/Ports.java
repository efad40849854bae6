package io.gatehouse.cli;

/** Port numbers on the command line. */
final class Ports {
    private Ports() {}

    /** The number, or -1 if the text is no port. */
    static int parse(String text) {
        try {
            int port = Integer.parseInt(text);
            return port >= 1 && port <= 65535 ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
