package io.gatehouse.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Writes octet strings to the process's own streams as the bytes that they are. */
final class Console {
    private Console() {}

    static void err(String octets) {
        write(System.err, octets);
    }

    static void out(String octets) {
        write(System.out, octets);
    }

    private static void write(PrintStream stream, String octets) {
        byte[] bytes = (octets + "\n").getBytes(StandardCharsets.ISO_8859_1);
        stream.write(bytes, 0, bytes.length);
        stream.flush();
    }

    /** The same without a line feed at the end. */
    static void raw(String octets) {
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }
}
