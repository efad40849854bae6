package io.gatehouse.cli;

import io.gatehouse.cli.up.Refusal;
import io.gatehouse.cli.up.Site;
import io.gatehouse.exchange.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code init}: writes what {@code up} does to a file of nginx's kind, to edit. */
@Command(
        name = "gatehouse init",
        sortOptions = false,
        customSynopsis = "gatehouse init NAME... [--to HOST:PORT] [-o FILE] [OPTION...]",
        description =
                "Writes what \"gatehouse up\" with the same words does to a file to edit, with comments, in nginx's"
                        + " language. It starts nothing and asks nobody.",
        footer = {
            "",
            "Examples:",
            "  gatehouse init paperclip.example.com",
            "      writes ./paperclip.example.com.conf, a whole configuration, and says how to run it",
            "  gatehouse init paperclip.example.com -o /etc/gatehouse/sites-available",
            "      writes a site for the service of the package, and says how to enable it",
            "",
            "Documentation: docs/guide/up.md"
        })
final class InitCommand implements Callable<Integer> {
    /** Folders whose files stand within the http block of another one. */
    private static final Set<String> SITE_FOLDERS = Set.of("sites-available", "sites-enabled", "conf.d", "http.d");

    @Mixin
    private final SiteOptions options = new SiteOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "the file or folder to write to; ./NAME.conf if not given, - for standard output")
    private @Nullable String output;

    @Option(
            names = "--site",
            description =
                    "write the servers alone, for the http block of another file; in folders called sites-available,"
                            + " sites-enabled and conf.d that is so by itself")
    private boolean siteOnly;

    @Option(names = "--force", description = "overwrite the file if it is there")
    private boolean force;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description = "where a line for each request goes; logs/access.log if not given, off for none")
    private String accessLog = "logs/access.log";

    @Mixin
    final HelpOption help = new HelpOption();

    private InitCommand() {}

    static int run(String[] words) {
        return Words.run(new InitCommand(), words);
    }

    @Override
    public Integer call() throws IOException, Refusal {
        if (options.names.isEmpty() && options.behind.isEmpty()) {
            throw new Refusal("init needs the NAME of the site, such as paperclip.example.com or localhost");
        }
        String log = SiteOptions.written(accessLog);
        Site site = options.site(null, Map.of(), false);
        Path file = file(site);
        boolean part = siteOnly || file != null && inSiteFolder(file);
        String name = file == null ? "FILE" : file.toString();
        String text = site.configuration(
                "init",
                new Site.Use(!part, log, part ? null : ServeAs.user(), Exchange.octets(how(part, name)), null),
                false);
        if (file == null) {
            Console.raw(text);
            return 0;
        }
        write(file, text);
        Console.out(Exchange.octets("Written: " + file + "\n" + next(part, name)));
        return 0;
    }

    /** Null for standard output. */
    private @Nullable Path file(Site site) {
        String name = (site.names().isEmpty()
                        ? "paperclip"
                        : site.names().getFirst().text().replace("*", "any")) + ".conf";
        if (output == null) {
            return Path.of(name);
        }
        if (output.equals("-")) {
            return null;
        }
        Path path = Path.of(output);
        return Files.isDirectory(path) || output.endsWith("/") ? path.resolve(name) : path;
    }

    private static boolean inSiteFolder(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder != null
                && folder.getFileName() != null
                && SITE_FOLDERS.contains(folder.getFileName().toString());
    }

    private void write(Path file, String text) throws IOException, Refusal {
        OpenOption[] how = force
                ? new OpenOption[] {
                    StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
                }
                : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        try {
            Files.writeString(file, text, StandardCharsets.ISO_8859_1, how);
        } catch (FileAlreadyExistsException e) {
            throw new Refusal("\"" + file
                    + "\" is there already and stays as it is.\n  Another file: -o FILE; in its place:" + " --force");
        } catch (NoSuchFileException e) {
            throw new Refusal("the folder of \"" + file + "\" does not exist");
        }
    }

    /** What the file's own head says of how to use it. */
    private static String how(boolean part, String name) {
        return part ? """
            #     gatehouse -t                        tests it with the file that includes it
            #     gatehouse -s reload                 has it used; connections and WebSockets stay\
            """ : """
                #     gatehouse -t -c NAME
                #     gatehouse -c NAME                   tests it; runs it
                #     gatehouse -s reload -c NAME         has a change used; connections and WebSockets stay\
                """.replace("NAME", name);
    }

    private static String next(boolean part, String name) {
        if (!part) {
            return "  test it    gatehouse -t -c " + name + "\n  run it     gatehouse -c " + name;
        }
        Path file = Path.of(name);
        boolean available = file.toAbsolutePath().normalize().toString().contains("/sites-available/");
        return (available
                        ? "  enable it  ln -s ../sites-available/" + file.getFileName() + " "
                                + file.resolveSibling("../sites-enabled/").normalize() + "/\n"
                        : "")
                + "  test it    gatehouse -t\n  use it     gatehouse -s reload";
    }
}
