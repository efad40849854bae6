package io.gatehouse.cli;

import io.gatehouse.run.Signals;
import java.util.Arrays;

/** What the command line asks for: {@code up}, {@code init}, {@code trust}, {@code echo}, {@code explain}, or nginx's own flags. */
public final class Commands {
    private Commands() {}

    /** Does it and returns the process's exit code. */
    public static int run(String[] words) {
        Signals.begin();
        if (words.length > 0) {
            String[] rest = Arrays.copyOfRange(words, 1, words.length);
            switch (words[0]) {
                case "up":
                    return UpCommand.run(rest);
                case "init":
                    return InitCommand.run(rest);
                case "trust":
                    return TrustCommand.run(rest);
                case "echo":
                    return EchoCommand.run(rest);
                case "explain":
                    return ExplainCommand.run(rest);
                case "help", "--help":
                    return NginxCommand.run(new String[] {"-h"});
                case "version", "--version":
                    return NginxCommand.run(new String[] {"-v"});
                default:
            }
        }
        return NginxCommand.run(words);
    }
}
