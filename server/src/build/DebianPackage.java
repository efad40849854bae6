import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the package for Debian and Ubuntu, {@code server/target/gatehouse_VERSION_ARCHITECTURE.deb}, of the folder that
 * {@link Layout} put together, a {@link JavaRuntime} and the files of {@code packaging/}. It is for machines like the one it
 * is made on. Needs dpkg-dev. See docs/design/0022-package.md.
 *
 * <p>Arguments: the root of the source tree, the folder where Layout left its own, the version, and the instant that every
 * file gets, so that the same sources and the same tools give the same files, and as the JVM wants the times of jars to be
 * those that its cache was made with.
 */
final class DebianPackage {
    private static final String MAINTAINER = "The Gatehouse developers <gatehouse@localhost>";
    private static final String HOME = "usr/lib/gatehouse";

    /** In the head of a gzip file (RFC 1952), where it says how hard was tried. Java leaves it at nothing. */
    private static final int EXTRA_FLAGS = 8;

    private static final byte SLOWEST = 2;

    private final Path root;
    private final Path built;
    private final Path stage;
    private final Path home;
    private final String version;
    private final Instant instant;

    private DebianPackage(Path root, Path built, String version, Instant instant) {
        this.root = root;
        this.built = built;
        this.stage = built.resolve("package");
        this.home = stage.resolve(HOME);
        this.version = version.replace("-SNAPSHOT", "~snapshot");
        this.instant = instant;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        DebianPackage made = new DebianPackage(
                Path.of(arguments[0]), Path.of(arguments[1]), arguments[2], Instant.parse(arguments[3]));
        made.begin();
        made.addProgram();
        made.addConfiguration();
        made.addSystemFiles();
        made.addManual();
        made.addControl();
        made.build();
    }

    private void begin() throws IOException {
        if (Files.exists(stage)) {
            Files.walkFileTree(stage, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        Files.createDirectories(home);
    }

    /** The folder of Layout without what is of another machine, a Java for it, and the cache for both together. */
    private void addProgram() throws IOException, InterruptedException {
        Path from = built.resolve("gatehouse");
        // As the libraries write the names of the two kinds of machines.
        Pattern ofAnotherMachine = Pattern.compile(
                System.getProperty("os.arch").equals("aarch64")
                        ? ".*-linux-x86_64\\.jar|lib/native/linux-x86_64/.*"
                        : ".*-linux-aarch_?64.*\\.jar|lib/native/linux-aarch64/.*");
        for (Path file : Layout.filesUnder(from)) {
            String name = from.relativize(file).toString();
            boolean ofThisBuild = name.equals("gatehouse.aot") || name.equals("jvm") || name.equals("LICENSE");
            if (!ofThisBuild && !ofAnotherMachine.matcher(name).matches() && !name.equals("conf/gatehouse.conf")) {
                Layout.copy(file, home.resolve(name));
            }
        }
        Path runtime = home.resolve("runtime");
        JavaRuntime.make(home.resolve("lib"), runtime);
        for (Path file : nativeFiles()) {
            String _ = run(home, List.of("strip", "--strip-unneeded", file.toString()));
        }
        Files.writeString(home.resolve("jvm"), "/" + HOME + "/runtime\n");
        finish(home);
        if (!new AheadOfTimeCache(home, runtime).make()) {
            throw new IOException("the package has no ahead-of-time cache, which every start would pay for");
        }
        link("usr/bin/gatehouse", "../lib/gatehouse/gatehouse");
    }

    private void addConfiguration() throws IOException {
        Path etc = root.resolve("packaging/etc");
        for (Path file : Layout.filesUnder(etc)) {
            add(file, "etc/gatehouse/" + etc.relativize(file));
        }
        add(root.resolve("conf/mime.types"), "etc/gatehouse/mime.types");
        Files.createDirectories(stage.resolve("etc/gatehouse/sites-enabled"));
        Files.createDirectories(stage.resolve("etc/gatehouse/conf.d"));
        add(root.resolve("packaging/html/index.html"), "usr/share/gatehouse/html/index.html");
    }

    private void addSystemFiles() throws IOException {
        for (String unit : List.of("gatehouse.service", "gatehouse.socket")) {
            add(root.resolve("packaging/systemd").resolve(unit), "usr/lib/systemd/system/" + unit);
        }
        add(root.resolve("packaging/systemd/gatehouse.tmpfiles"), "usr/lib/tmpfiles.d/gatehouse.conf");
        add(debian("gatehouse.logrotate"), "etc/logrotate.d/gatehouse");
        add(debian("gatehouse.default"), "etc/default/gatehouse");
        add(debian("copyright"), "usr/share/doc/gatehouse/copyright");
        addZipped("usr/share/doc/gatehouse/CHANGELOG.md.gz", Files.readString(root.resolve("CHANGELOG.md")));
        addZipped("usr/share/doc/gatehouse/changelog.gz", changelog());
        add(debian("lintian-overrides"), "usr/share/lintian/overrides/gatehouse");
    }

    /** The package's own, in the form that Debian's programs read. */
    private String changelog() {
        String date = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
                .format(instant.atOffset(ZoneOffset.UTC));
        return """
            gatehouse (%s) unstable; urgency=medium

              * What changed for those who run it is in CHANGELOG.md.gz, beside this file.

             -- %s  %s
            """.formatted(version, MAINTAINER, date);
    }

    /** From what the program that is packed says of itself. */
    private void addManual() throws IOException, InterruptedException {
        Manual manual = new Manual(help("-h"), command -> help(command, "-h"), root);
        String date = instant.toString().substring(0, 10);
        addZipped("usr/share/man/man8/gatehouse.8.gz", manual.fill("man/gatehouse.8", version, date));
        write(
                "usr/share/bash-completion/completions/gatehouse",
                manual.fill("completion/gatehouse.bash", version, date));
        write("usr/share/zsh/vendor-completions/_gatehouse", manual.fill("completion/_gatehouse", version, date));
    }

    /** Nothing if the command knows no such flag. */
    private String help(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "./gatehouse"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.onExit().join().exitValue() == 0 ? said : "";
    }

    private void addControl() throws IOException, InterruptedException {
        StringBuilder sums = new StringBuilder();
        StringBuilder configuration = new StringBuilder();
        long kilobytes = 0;
        for (Path file : Layout.filesUnder(stage)) {
            String name = stage.relativize(file).toString();
            kilobytes += (Files.size(file) + 1023) / 1024;
            if (!Files.isSymbolicLink(file)) {
                sums.append(md5(file)).append("  ").append(name).append('\n');
                if (name.startsWith("etc/")) {
                    configuration.append('/').append(name).append('\n');
                }
            }
        }
        String control = Files.readString(debian("control"))
                .replace("@VERSION@", version)
                .replace("@ARCHITECTURE@", architecture())
                .replace("@MAINTAINER@", MAINTAINER)
                .replace("@SIZE@", Long.toString(kilobytes))
                .replace("@LIBRARIES@", libraries());
        write("DEBIAN/control", control);
        write("DEBIAN/conffiles", configuration.toString());
        write("DEBIAN/md5sums", sums.toString());
        for (String script : List.of("postinst", "prerm", "postrm")) {
            add(debian(script), "DEBIAN/" + script);
        }
    }

    /** The packages that hold the libraries which the Java and the native libraries are linked with. */
    private String libraries() throws IOException, InterruptedException {
        // dpkg-shlibdeps wants to stand in a source package.
        Path source = Files.createDirectories(built.resolve("package-source/debian"));
        Files.writeString(source.resolve("control"), "Source: gatehouse\n\nPackage: gatehouse\nArchitecture: any\n");
        List<String> command = new ArrayList<>(List.of(
                "dpkg-shlibdeps",
                "-O",
                "--warnings=0",
                "-l" + home.resolve("runtime/lib"),
                "-l" + home.resolve("runtime/lib/server")));
        nativeFiles().forEach(file -> command.add(file.toString()));
        String said = run(source.getParent(), command);
        String depends =
                said.lines().filter(line -> line.startsWith("shlibs:Depends=")).collect(Collectors.joining());
        return depends.isEmpty() ? "libc6" : depends.substring(depends.indexOf('=') + 1);
    }

    private List<Path> nativeFiles() throws IOException {
        return Layout.filesUnder(home).stream()
                .filter(file ->
                        file.toString().endsWith(".so") || file.startsWith(home.resolve("runtime")) && isProgram(file))
                .toList();
    }

    private void build() throws IOException, InterruptedException {
        finish(stage);
        Path deb = built.resolve("gatehouse_" + version + "_" + architecture() + ".deb");
        String _ = run(
                stage, List.of("dpkg-deb", "--root-owner-group", "-Zxz", "--build", stage.toString(), deb.toString()));
        System.out.printf("%s (%,d bytes)%n", deb, Files.size(deb));
    }

    private static String architecture() throws IOException, InterruptedException {
        return run(Path.of("."), List.of("dpkg", "--print-architecture")).strip();
    }

    private Path debian(String name) {
        return root.resolve("packaging/debian").resolve(name);
    }

    private void add(Path from, String to) throws IOException {
        Layout.copy(from, stage.resolve(to));
    }

    private void write(String to, String text) throws IOException {
        Path file = stage.resolve(to);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void addZipped(String to, String text) throws IOException {
        Path file = stage.resolve(to);
        Files.createDirectories(file.getParent());
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(content) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            zipped.write(text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = content.toByteArray();
        bytes[EXTRA_FLAGS] = SLOWEST;
        Files.write(file, bytes);
    }

    private void link(String from, String to) throws IOException {
        Files.createDirectories(stage.resolve(from).getParent());
        Files.createSymbolicLink(stage.resolve(from), Path.of(to));
    }

    /** Everything below gets the permissions that it has on the target, and the instant. */
    private void finish(Path top) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(top)) {
            all = new ArrayList<>(found.toList());
        }
        // Folders after what is in them.
        for (Path path : all.reversed()) {
            if (!Files.isSymbolicLink(path)) {
                boolean open = Files.isDirectory(path) || isProgram(path);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(open ? "rwxr-xr-x" : "rw-r--r--"));
                Files.setLastModifiedTime(path, FileTime.from(instant));
            }
        }
    }

    private boolean isProgram(Path file) {
        String name = stage.relativize(file).toString();
        return name.equals(HOME + "/gatehouse")
                || name.startsWith(HOME + "/runtime/bin/")
                || name.equals(HOME + "/runtime/lib/jspawnhelper")
                || name.equals(HOME + "/runtime/lib/jexec")
                || name.matches("DEBIAN/(postinst|prerm|postrm)");
    }

    private static String md5(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    /** What a command prints; an error with it if it fails. */
    static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new IOException(command.getFirst() + " is needed to make the package (apt-get install dpkg-dev): "
                    + e.getMessage());
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command.getFirst() + " failed:\n" + said);
        }
        return said;
    }
}
