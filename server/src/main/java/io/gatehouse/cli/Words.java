package io.gatehouse.cli;

import io.gatehouse.cli.up.Refusal;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.wire.Errno;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
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
                    switch (e) {
                        // By itself it tells of the file alone.
                        case FileSystemException file ->
                            "\"" + file.getFile() + "\" cannot be used (" + Errno.text(file) + ")";
                        case IOException _, Refusal _ -> String.valueOf(e.getMessage());
                        default -> "a defect of Gatehouse: " + e;
                    });
            return 1;
        });
        return line.execute(words);
    }

    static void complain(String text) {
        Console.err(Exchange.octets("gatehouse: " + text));
    }
}
