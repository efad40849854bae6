package io.gatehouse.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncludeTest {
    @TempDir
    Path folder;

    @Test
    void standsInTheIncludersPlace() throws IOException {
        write("main.conf", "a; http { include sub/one.conf; z; }");
        write("sub/one.conf", "b; include sub/two.conf;");
        write("sub/two.conf", "c { d; }");
        ConfigTree tree = ConfigReader.read(folder.resolve("main.conf"), folder.toString());
        assertThat(ConfigReaderTest.outline(tree.nodes())).isEqualTo("a; http { b; c { d; } z; }");
        Node c = tree.nodes().get(1).children().get(1);
        assertThat(c.at().file()).isEqualTo(folder + "/sub/two.conf");
    }

    @Test
    void takesPatternsInTheOrderOfBytes() throws IOException {
        write("main.conf", "include d/*.conf; include d/[x-z]?.c; include none/*; include */b.conf;");
        write("d/b.conf", "b;");
        write("d/B.conf", "B;");
        write("d/a.conf", "a;");
        write("d/.hidden.conf", "hidden;");
        write("d/a.conf~", "backup;");
        write("d/y1.c", "y1;");
        write("d/a1.c", "a1;");
        assertThat(ConfigReaderTest.outline(readMain().nodes())).isEqualTo("B; a; b; y1; b;");
    }

    @Test
    void worksInsideBlocksOfData() throws IOException {
        write("main.conf", "map $a $b { include pairs; default x; } types { include a b; }");
        write("pairs", "one 1;\ntwo 2;");
        assertThat(ConfigReaderTest.outline(readMain().nodes()))
                .isEqualTo("map $a $b { one 1; two 2; default x; } types { include a b; }");
    }

    @Test
    void eachFileIsKeptOnceAndExactly() throws IOException {
        String text = "include one;\r\ninclude one;\n# \u00ff\n";
        write("main.conf", text);
        write("one", "b;");
        ConfigTree tree = readMain();
        assertThat(ConfigReaderTest.outline(tree.nodes())).isEqualTo("b; b;");
        assertThat(tree.dump())
                .isEqualTo("# configuration file " + folder + "/main.conf:\n" + text + "\n# configuration file "
                        + folder + "/one:\nb;\n");
    }

    @Test
    void aFileEndsNoBlockOfItsIncluder() throws IOException {
        write("main.conf", "http {\n include one; }");
        write("one", "a;\n}");
        assertThat(failure("main.conf")).isEqualTo("unexpected \"}\" in " + folder + "/one:2");
        write("one", "a {");
        assertThat(failure("main.conf")).isEqualTo("unexpected end of file, expecting \"}\" in " + folder + "/one:1");
        write("one", "map a b { include two; }");
        write("two", "c { }");
        assertThat(failure("main.conf")).isEqualTo("unexpected \"{\" in " + folder + "/two:1");
    }

    @Test
    void aCircleIsToldAtOnce() throws IOException {
        write("main.conf", "include one;");
        write("one", "\ninclude main.conf;");
        ConfigException failure =
                new ConfigReader(folder.toString()).file(folder + "/main.conf").failure();
        assertThat(failure.line()).isEqualTo("\"" + folder + "/main.conf\" includes itself in " + folder + "/one:2");
        assertThat(failure.hint()).isEqualTo(folder + "/main.conf -> " + folder + "/one -> " + folder + "/main.conf");
    }

    @Test
    void filesInsideFilesHaveALimit() throws IOException {
        for (int i = 0; i < 10; i++) {
            write("f" + i, "include f" + (i + 1) + ";");
        }
        write("f10", "");
        Limits limits = new Limits(3, 3, 100, 1000);
        assertThat(new ConfigReader(folder.toString(), limits)
                        .file(folder + "/f0")
                        .failure()
                        .line())
                .isEqualTo("files are included more than 3 deep in " + folder + "/f3:1");
        assertThat(new ConfigReader(folder.toString(), limits)
                        .file(folder + "/f7")
                        .failure())
                .isNull();
    }

    @Test
    void bytesHaveALimit() throws IOException {
        write("main.conf", "include big;");
        write("big", "#".repeat(101));
        Limits limits = new Limits(3, 3, 100, 1000);
        assertThat(new ConfigReader(folder.toString(), limits)
                        .file(folder + "/main.conf")
                        .failure())
                .hasMessageStartingWith("configuration file \"" + folder + "/big\" is larger than 100 bytes");
        write("main.conf", "include doubled; include doubled;");
        write("doubled", "include more; include more; include more;");
        write("more", "#".repeat(100));
        limits = new Limits(3, 3, 100, 500);
        assertThat(new ConfigReader(folder.toString(), limits)
                        .file(folder + "/main.conf")
                        .failure())
                .hasMessageStartingWith("configuration is larger than 500 bytes");
    }

    @Test
    void theFirstFileIsMissed() {
        assertThatThrownBy(() -> ConfigReader.read(folder.resolve("none"), "/"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        failure -> assertThat(failure.render())
                                .isEqualTo("open() \"" + folder + "/none\" failed (2: No such file or directory)"));
    }

    @Test
    void aFolderIsNoFile() {
        assertThat(new ConfigReader("/").file(folder.toString()).failure().line())
                .isEqualTo("pread() \"" + folder + "\" failed (21: Is a directory)");
    }

    @Test
    void namesAreBytes() throws IOException {
        write("\u00e4.conf", "a;");
        write("main.conf", "include \u00c3\u00a4.conf; include \u00c3?.conf;");
        assertThat(ConfigReaderTest.outline(readMain().nodes())).isEqualTo("a; a;");
    }

    private ConfigTree readMain() {
        return new ConfigReader(folder.toString()).file(folder + "/main.conf").orThrow();
    }

    private String failure(String name) {
        return new ConfigReader(folder.toString())
                .file(folder + "/" + name)
                .failure()
                .line();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
