package io.gatehouse;

import io.gatehouse.cli.Commands;

/** Starts Gatehouse. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Commands.run(arguments));
    }
}
