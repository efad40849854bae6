package io.gatehouse.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfigReaderFuzzTest {
    private static final String[] PIECES = {
        "a",
        "include",
        "map",
        "types",
        "{",
        "}",
        ";",
        " ",
        "\n",
        "\t",
        "\r\n",
        "\"",
        "'",
        "\\",
        "\\\"",
        "\\n",
        "$",
        "${",
        "#",
        ")",
        "(",
        "\u00e4",
        "\u0000",
        "server",
        "listen 80;",
        "\u00ef\u00bb\u00bf",
        "x".repeat(4090)
    };

    @FuzzTest
    void anyTextIsReadOrRefusedWithItsPlace(byte[] bytes) {
        read(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Test
    void textsMadeByChanceAreReadOrRefused() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            read(text.toString());
        }
    }

    private static void read(String text) {
        ConfigTree tree = new ConfigReader("/nowhere").text("t.conf", text);
        ConfigException failure = tree.failure();
        if (failure == null) {
            String written = written(tree.nodes());
            ConfigTree again = new ConfigReader("/nowhere").text("t.conf", written);
            if (again.failure() == null) {
                assertThat(written(again.nodes())).isEqualTo(written);
            } else {
                assertThat(again.failure()).hasMessageStartingWith("too long parameter");
            }
        } else if (!failure.message().startsWith("open()") && !failure.message().startsWith("pread()")) {
            assertThat(failure.line()).contains(" in t.conf:");
            assertThat(failure.render()).startsWith(failure.line());
        }
        positions(tree.nodes(), text);
    }

    /** Where a word is said to stand, it stands. */
    private static void positions(List<Node> nodes, String text) {
        for (Node node : nodes) {
            if (node.failure() == null && node.word().quote() == Quote.NONE) {
                String line = node.at().source().line(node.at().line());
                assertThat(line.substring(node.at().column() - 1)).startsWith(text.isEmpty() ? "" : firstPart(node));
            }
            positions(node.children(), text);
        }
    }

    private static String firstPart(Node node) {
        String name = node.name();
        for (int i = 0; i < name.length(); i++) {
            if ("\\\"'\n\r\t".indexOf(name.charAt(i)) >= 0) {
                return name.substring(0, 0);
            }
        }
        return name;
    }

    /** The tree as text again, every word quoted. */
    private static String written(List<Node> nodes) {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            text.append(quoted(node.name()));
            node.arguments().forEach(argument -> text.append(' ').append(quoted(argument.text())));
            text.append(node.hasBlock() ? " {" + written(node.children()) + "}" : ";");
        }
        return text.toString();
    }

    private static String quoted(String word) {
        return "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
