package io.gatehouse.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    @Test
    void readsDirectivesAndBlocks() {
        ConfigTree tree = read("""
            worker_processes auto;  # how many
            http {
                server { listen 80; location ~ \\.php$ { return 404; } }
            }
            """);
        assertThat(outline(tree.nodes()))
                .isEqualTo("worker_processes auto; http { server { listen 80; location ~ \\.php$ { return 404; } } }");
        Node http = tree.nodes().get(1);
        Node listen = http.children().getFirst().children().getFirst();
        assertThat(listen.at()).hasToString("test.conf:3:14");
        assertThat(listen.arguments().getFirst().at()).hasToString("test.conf:3:21");
        assertThat(listen.end()).hasToString("test.conf:3:23");
        assertThat(http.close()).hasToString("test.conf:4:1");
        assertThat(listen.block()).isNull();
        assertThat(listen.close()).isNull();
    }

    @Test
    void namesTheLineOfTheTerminatorAsNginxDoes() {
        Node node = read("log_format main\n  'a'\n  'b'\n;").nodes().getFirst();
        assertThat(node.at().line()).isEqualTo(1);
        assertThat(node.arguments().get(2).at().line()).isEqualTo(3);
        assertThat(node.end().line()).isEqualTo(4);
    }

    /** Each case was tried with nginx by way of {@code return 200 WORD;}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "abc|abc",
                "\"a b\"|a b",
                "'a \"b\"'|a \"b\"",
                "\"a \\\"b\\\"\"|a \"b\"",
                "a\\\"b|a\"b",
                "a\\\\b|a\\b",
                "a\\tb|a\tb",
                "a\\qb|a\\qb",
                "a\\;b|a\\;b",
                "a\\ b|a\\ b",
                "a\\{b|a\\{b",
                "${a}b|${a}b",
                "$a${b}|$a${b}",
                "${{a|${{a",
                "a#b|a#b",
                "a\"b\"|a\"b\"",
                "a}b|a}b",
                "\"a{b;}#\"|a{b;}#",
                "\"\"|``",
                "\\\"a|\"a",
                "\\#a|\\#a",
                "\\$a|\\$a",
                "a$|a$",
                "\"a$\"|a$",
            })
    void unescapes(String written, String meant) {
        Word word = read("return 200 " + written + ";")
                .nodes()
                .getFirst()
                .arguments()
                .get(1);
        assertThat(word.text()).isEqualTo(meant);
        assertThat(word.rawLength()).isEqualTo(written.length());
        assertThat(word.at().column()).isEqualTo(12);
    }

    @Test
    void tellsHowAWordWasQuoted() {
        List<Word> words = read("x a 'b' \"c\" d'e';").nodes().getFirst().arguments();
        assertThat(words).extracting(Word::quote).containsExactly(Quote.NONE, Quote.SINGLE, Quote.DOUBLE, Quote.NONE);
    }

    @Test
    void aParenthesisMayFollowAQuotedWord() {
        List<Word> words = read("if ($a = \"b\") { }").nodes().getFirst().arguments();
        assertThat(words).extracting(Word::text).containsExactly("($a", "=", "b", ")");
    }

    @Test
    void keepsBytes() {
        Word word = read("x \"\u00c3\u00a4\0\u00ff\";")
                .nodes()
                .getFirst()
                .arguments()
                .getFirst();
        assertThat(word.text()).isEqualTo("\u00c3\u00a4\0\u00ff");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "}                    | unexpected \"}\" in test.conf:1",
                "a {~}~}              | unexpected \"}\" in test.conf:3",
                "; a                  | unexpected \";\" in test.conf:1",
                "~{ }                 | unexpected \"{\" in test.conf:2",
                "a { b }              | unexpected \"}\" in test.conf:1",
                "a {~                 | unexpected end of file, expecting \"}\" in test.conf:2",
                "a b                  | unexpected end of file, expecting \";\" or \"}\" in test.conf:1",
                "a b~                 | unexpected end of file, expecting \";\" or \"}\" in test.conf:2",
                "a \"b;~              | unexpected end of file, expecting \";\" or \"}\" in test.conf:2",
                "a 'b'c;              | unexpected \"c\" in test.conf:1",
                "a 'b'}               | unexpected \"}\" in test.conf:1",
                "map $a $b { c { } }  | unexpected \"{\" in test.conf:1",
                "types { c { } }      | unexpected \"{\" in test.conf:1",
                "include a b;         | invalid number of arguments in \"include\" directive in test.conf:1",
                "include;             | invalid number of arguments in \"include\" directive in test.conf:1",
                "include a { }        | directive \"include\" is not terminated by \";\" in test.conf:1",
                "include /no/such;    | open() \"/no/such\" failed (2: No such file or directory) in test.conf:1",
                "include no/such;     | open() \"/prefix/no/such\" failed (2: No such file or directory) in"
                        + " test.conf:1",
            })
    void refusesInTheWordsOfNginx(String text, String line) {
        ConfigTree tree = read(text.replace('~', '\n'));
        assertThat(tree.failure()).isNotNull();
        assertThat(tree.failure().line()).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# only a comment", "a;", "a{}", "a{}b;", "a{b{}c;}", "\r\na b;\r\n"})
    void accepts(String text) {
        assertThat(read(text).failure()).isNull();
    }

    @Test
    void pointsAtTheWordThatBeganTheTrouble() {
        assertThat(read("http {\n\tserver {\n\t\tlisten 80\n\t}\n}\n").failure().render())
                .isEqualTo("""
                    unexpected "}" in test.conf:4
                        3 | \t\tlisten 80
                          | \t\t       ^^ a ";" is missing after this\
                    """);
        assertThat(read("http {\n  server {\n  }\n").failure().render()).isEqualTo("""
            unexpected end of file, expecting "}" in test.conf:4
                1 | http {
                  | ^^^^ this block is not closed\
            """);
        assertThat(read("return 200 \"hello;\n").failure().render()).isEqualTo("""
            unexpected end of file, expecting ";" or "}" in test.conf:2
                1 | return 200 "hello;
                  |            ^ this quote is not closed\
            """);
    }

    @Test
    void theCaretStandsUnderTheTextWhateverItsBytes() {
        ConfigException failure = read("\t\u00c3\u00a4\u00c3\u00b6 'x'y;").failure();
        assertThat(failure.detail().lines())
                .containsExactly(
                        "    1 | \t\u00c3\u00a4\u00c3\u00b6 'x'y;",
                        "      | \t      ^ a space or \";\" is expected after a quoted word");
    }

    @Test
    void aLongLineIsShownAroundItsOffence() {
        ConfigException failure = read("a " + "b ".repeat(1000) + "'c'd;").failure();
        assertThat(failure.detail().lines())
                .allMatch(line -> line.length() < 250)
                .anyMatch(line -> line.contains("'c'd;"));
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        assertThat(read("a \u001b[31m 'b'c;").failure().detail())
                .doesNotContain("\u001b")
                .contains("?[31m");
    }

    @Test
    void aWordHasToFitTheBufferOfNginx() {
        assertThat(read("a " + "x".repeat(4095) + ";").failure()).isNull();
        assertThat(read("\na " + "x".repeat(4096) + ";").failure().line())
                .isEqualTo("too long parameter \"xxxxxxxxxx...\" started in test.conf:2");
        assertThat(read("a \"" + "x\n".repeat(4000) + ";").failure().line())
                .isEqualTo("too long parameter, probably missing terminating \"\"\" character in test.conf:1");
        assertThat(read("a '" + "x\n".repeat(4000) + ";").failure().line())
                .isEqualTo("too long parameter, probably missing terminating \"'\" character in test.conf:1");
    }

    @Test
    void theErrorStandsInTheTreeWhereReadingEnded() {
        ConfigTree tree = read("a;\nb { c; d { e; } f { g; h");
        Node b = tree.nodes().get(1);
        assertThat(b.close()).isNull();
        Node f = b.children().get(2);
        assertThat(f.children().getFirst().name()).isEqualTo("g");
        assertThat(f.children().getLast().failure()).isSameAs(tree.failure());
    }

    @Test
    void blocksHaveALimit() {
        Limits limits = new Limits(3, 3, 1000, 1000);
        assertThat(new ConfigReader("/", limits).text("t", "a{b{c{}}}").failure())
                .isNull();
        assertThat(new ConfigReader("/", limits).text("t", "a{b{c{d{}}}}").failure())
                .hasMessage("blocks are nested more than 3 deep");
        assertThat(new ConfigReader("/").text("t", "a{".repeat(100_000)).failure())
                .hasMessage("blocks are nested more than 100 deep");
    }

    @Test
    void readsTheCommandLine() {
        ConfigTree tree = new ConfigReader("/").commandLine("daemon off; user a;");
        assertThat(outline(tree.nodes())).isEqualTo("daemon off; user a;");
        assertThat(tree.sources()).isEmpty();
        assertThat(new ConfigReader("/").commandLine("daemon off").failure().line())
                .isEqualTo("unexpected end of parameter, expecting \";\" in command line");
        assertThat(new ConfigReader("/").commandLine("events { }").failure().line())
                .isEqualTo("block directives are not supported in -g option in command line");
        assertThat(new ConfigReader("/").commandLine("}").failure().line())
                .isEqualTo("unexpected \"}\" in command line");
    }

    @Test
    void explainsAByteOrderMark() {
        ConfigException failure = read("\u00ef\u00bb\u00bfuser a;").failure();
        assertThat(failure.line()).isEqualTo("unknown directive \"\u00ef\u00bb\u00bfuser\" in test.conf:1");
        assertThat(failure.hint()).contains("byte order mark");
    }

    private static ConfigTree read(String text) {
        return new ConfigReader("/prefix").text("test.conf", text);
    }

    static String outline(List<Node> nodes) {
        return nodes.stream()
                .map(node -> node + (node.hasBlock() ? " " + outline(node.children()) + " }" : ""))
                .collect(Collectors.joining(" "));
    }
}
