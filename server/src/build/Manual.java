import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The manual page and the completions: fills what {@code gatehouse -h} says, and the names of the reference, into the
 * files of {@code packaging/}, so that they never tell of another command line than the program has.
 *
 * <p>Alone: {@code java Manual.java HELP ROOT-OF-THE-TREE FOLDER VERSION DATE} writes them into the folder; HELP holds what
 * {@code -h} says in a file {@code gatehouse}, and what {@code COMMAND -h} says in one that is called as the command.
 */
final class Manual {
    private static final Pattern ENTRY = Pattern.compile("  (\\S.*?) +: (.*)");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[A-Za-z][\\w-]*\\b");
    private static final Pattern DIRECTIVE = Pattern.compile("(?m)^\\| \\[`([a-z0-9_]+)`]");

    private final List<String> usage = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();
    private final Map<String, String> commands = new LinkedHashMap<>();
    private final Map<String, String> helpOfCommands = new LinkedHashMap<>();
    private final Path root;

    /** What the program says of a command; nothing if that is no more than the usage of all. */
    interface HelpOfCommand {
        String of(String command) throws IOException;
    }

    /** @param help what {@code -h} says */
    Manual(String help, HelpOfCommand helpOf, Path root) throws IOException {
        this.root = root;
        Map<String, String> into = new LinkedHashMap<>();
        String last = "";
        boolean inUsage = false;
        for (String line : help.lines().toList()) {
            if (line.startsWith("Usage: ")) {
                inUsage = true;
            } else if (line.equals("Options:")) {
                into = options;
                inUsage = false;
            } else if (line.equals("Commands:")) {
                into = commands;
                inUsage = false;
            }
            Matcher entry = ENTRY.matcher(line);
            if (inUsage && !line.isBlank()) {
                usage(line.replaceFirst("^(Usage: | {7})", ""));
            } else if (entry.matches()) {
                last = entry.group(1);
                into.put(last, entry.group(2).strip());
            } else if (line.startsWith("   ") && !last.isEmpty()) {
                into.merge(last, " " + line.strip(), String::concat);
            }
        }
        if (usage.isEmpty() || options.isEmpty() || commands.isEmpty()) {
            throw new IllegalStateException("gatehouse -h has no usage, options or commands:\n" + help);
        }
        for (String command : commands.keySet()) {
            String text = helpOf.of(command);
            if (!text.isEmpty()) {
                helpOfCommands.put(command, text);
            }
        }
    }

    private void usage(String line) {
        if (line.startsWith("gatehouse")) {
            usage.add(line.stripTrailing());
        } else {
            usage.add(usage.removeLast() + " " + line.strip());
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[2]);
        Path help = Path.of(arguments[0]);
        Manual manual = new Manual(
                Files.readString(help.resolve("gatehouse")),
                command -> Files.exists(help.resolve(command)) ? Files.readString(help.resolve(command)) : "",
                Path.of(arguments[1]));
        for (String file : List.of("man/gatehouse.8", "completion/gatehouse.bash", "completion/_gatehouse")) {
            Path to = folder.resolve(Path.of(file).getFileName());
            Files.writeString(to, manual.fill(file, arguments[3], arguments[4]));
        }
    }

    /** The text of a file of {@code packaging/} with everything filled in. */
    String fill(String file, String version, String date) throws IOException {
        String text = Files.readString(root.resolve("packaging").resolve(file))
                .replace("@VERSION@", version)
                .replace("@DATE@", date)
                .replace("@SYNOPSIS@", usage.stream().map(Manual::roff).collect(Collectors.joining("\n")))
                .replace("@OPTIONS@", entries(options))
                .replace("@HELP_OF_COMMANDS@", helpOfCommands())
                .replace(
                        "@COMMANDS@", file.startsWith("man/") ? entries(commands) : String.join(" ", commands.keySet()))
                .replace("@COMMANDS_ZSH@", commandsForZsh())
                .replace("@COMMAND_OPTIONS_BASH@", optionsOfCommands("            %s) words='%s' ;;"))
                .replace("@COMMAND_OPTIONS_ZSH@", optionsOfCommands("        %s) compadd -- %s; _files ;;"))
                .replace("@FLAGS@", flags())
                .replace("@DIRECTIVES@", directives());
        Matcher left = Pattern.compile("@[A-Z_]+@").matcher(text);
        if (left.find()) {
            throw new IllegalStateException(file + ": nothing is known of " + left.group());
        }
        return text;
    }

    private static String roff(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga");
    }

    private static String entries(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(e -> ".TP\n.B " + roff(e.getKey()) + "\n" + roff(e.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private String helpOfCommands() {
        return helpOfCommands.entrySet().stream()
                .map(e -> ".SS gatehouse " + e.getKey() + "\n.nf\n"
                        // A line that begins with a dot would be a command to the formatter.
                        + roff(e.getValue().stripTrailing()).replaceAll("(?m)^\\.", "\\\\&.") + "\n.fi")
                .collect(Collectors.joining("\n"));
    }

    private String commandsForZsh() {
        return commands.entrySet().stream()
                .map(e -> "        '" + e.getKey() + ":" + e.getValue().replace("'", "'\\''") + "'")
                .collect(Collectors.joining("\n"));
    }

    /** One line for each command that has options. */
    private String optionsOfCommands(String line) {
        List<String> lines = new ArrayList<>();
        for (String command : commands.keySet()) {
            TreeSet<String> found = new TreeSet<>();
            for (String form : usage) {
                if (form.equals("gatehouse " + command) || form.startsWith("gatehouse " + command + " ")) {
                    OPTION.matcher(form).results().forEach(option -> found.add(option.group()));
                }
            }
            OPTION.matcher(helpOfCommands.getOrDefault(command, ""))
                    .results()
                    .forEach(option -> found.add(option.group()));
            if (!found.isEmpty()) {
                lines.add(line.formatted(command, String.join(" ", found)));
            }
        }
        return String.join("\n", lines);
    }

    private String flags() {
        return options.keySet().stream()
                .flatMap(words -> Pattern.compile("-[A-Za-z]\\b").matcher(words).results())
                .map(word -> word.group())
                .collect(Collectors.joining(" "));
    }

    private String directives() throws IOException {
        return DIRECTIVE
                .matcher(Files.readString(root.resolve("docs/reference/README.md")))
                .results()
                .map(found -> found.group(1))
                .distinct()
                .collect(Collectors.joining(" "));
    }
}
