package io.gatehouse.cli;

import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs a command whose options are declared, and tells in one way what is wrong with them. */
final class Words {
    private Words() {}

    /** Returns the exit code: the command's own, 1 if its words are wrong or it is refused. */
    static int run(Callable<Integer> command, String[] words) {
        CommandLine line = new CommandLine(command);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setExpandAtFiles(false);
        line.setParameterExceptionHandler((e, _) -> {
            complain(String.valueOf(e.getMessage()) + "\n  gatehouse "
                    + line.getCommandName().replaceFirst("^gatehouse ", "") + " -h tells what there is");
            return 1;
        });
        line.setExecutionExceptionHandler((e, _, _) -> {
            complain(
                    e instanceof java.io.IOException || e instanceof io.gatehouse.cli.up.Refusal
                            ? String.valueOf(e.getMessage())
                            : "a defect of Gatehouse: " + e);
            return 1;
        });
        return line.execute(words);
    }

    static void complain(String text) {
        Console.err(io.gatehouse.exchange.Exchange.octets("gatehouse: " + text));
    }

    /** A command line as it may be typed again. */
    static String again(String command, String[] words) {
        return Stream.concat(Stream.of(command), Stream.of(words))
                .map(word -> word.matches("[A-Za-z0-9_./:=,@%+*-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
