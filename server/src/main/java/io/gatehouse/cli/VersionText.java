package io.gatehouse.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code -v}, {@code -V} and {@code -h} say. The launcher answers the first two itself, from the same file. */
final class VersionText {
    private VersionText() {}

    private static final String HELP = """
        Usage: gatehouse [-?hvVtTq] [-s signal] [-p prefix]
                         [-e filename] [-c filename] [-g directives]
               gatehouse up [NAME...] [--to HOST:PORT] [--run COMMAND | --echo]
               gatehouse init NAME... [-o FILE]
               gatehouse trust [--remove | --print]
               gatehouse echo [PORT]
               gatehouse explain DIRECTIVE

        Options:
          -?,-h         : this help
          -v            : show version and exit
          -V            : show version and configure options then exit
          -t            : test configuration and exit
          -T            : test configuration, dump it and exit
          -q            : suppress non-error messages during configuration testing
          -s signal     : send signal to the running server: stop, quit, reopen, reload
          -p prefix     : set prefix path
          -e filename   : set error log file
          -c filename   : set configuration file
          -g directives : set global directives out of configuration file

        Commands:
          up            : serve the application on 127.0.0.1:3100 over HTTPS; up -h tells more, as with each command
          init          : write a configuration file that does the same
          trust         : have browsers open https://localhost without a warning
          echo          : run the small application that shows what reaches it
          explain       : say what a directive does
        """;

    static void print(Invocation invocation) {
        List<String> lines = lines();
        Console.err(lines.get(0));
        if (invocation.build) {
            List<String> more = lines.subList(1, lines.size());
            more.stream().filter(line -> !line.startsWith("--")).forEach(Console::err);
            Console.err("configure arguments: "
                    + more.stream().filter(line -> line.startsWith("--")).collect(Collectors.joining(" ")));
        }
        if (invocation.help) {
            Console.err(HELP);
        }
    }

    private static List<String> lines() {
        try (InputStream in = VersionText.class.getResourceAsStream("/io/gatehouse/version.txt");
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(java.util.Objects.requireNonNull(in), StandardCharsets.US_ASCII))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
