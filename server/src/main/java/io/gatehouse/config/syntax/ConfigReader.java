package io.gatehouse.config.syntax;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration into a tree, with every {@code include} expanded in its place. One reader reads one
 * configuration: first what the command line gives ({@link #commandLine}), then the file ({@link #file}).
 *
 * <p>Reading stops at the first error. Because nginx acts on each directive as it reads it, an error in the meaning of
 * an earlier directive comes before one in the syntax of a later; {@link ConfigTree#failure()} leaves that choice to who
 * walks the tree.
 */
public final class ConfigReader {
    /** Blocks whose lines are data: no block may stand in them, and a line called include with one word includes. */
    private static final Set<String> DATA_BLOCKS = Set.of("types", "map", "geo", "split_clients", "charset_map");

    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    private enum Part {
        FILE,
        BLOCK,
        COMMAND_LINE
    }

    private final String prefix;
    private final Limits limits;
    private final ConfigFiles files;
    private final Deque<String> open = new ArrayDeque<>();

    /** @param prefix the folder that relative names in {@code include} start from, an octet string */
    public ConfigReader(String prefix) {
        this(prefix, Limits.DEFAULT);
    }

    public ConfigReader(String prefix, Limits limits) {
        this.prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        this.limits = limits;
        this.files = new ConfigFiles(limits);
    }

    /**
     * Reads a configuration file.
     *
     * @throws ConfigException when it cannot be read or breaks the syntax
     */
    public static ConfigTree read(Path file, String prefix) {
        String name = new String(file.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return new ConfigReader(prefix).file(name).orThrow();
    }

    /** Reads a file, named as messages shall name it, as far as its syntax allows. */
    public ConfigTree file(String name) {
        List<Node> nodes = new ArrayList<>();
        try {
            includeFile(name, null, null, 0, nodes::add);
        } catch (ConfigException failure) {
            return failed(nodes, failure);
        }
        return new ConfigTree(nodes, files.sources(), null);
    }

    /** Reads what a file of that name would hold, as far as its syntax allows. */
    public ConfigTree text(String name, String text) {
        return source(Source.file(name, text), Part.FILE);
    }

    /** Reads the parameters of {@code -g}, as far as their syntax allows. */
    public ConfigTree commandLine(String text) {
        return source(Source.commandLine(text), Part.COMMAND_LINE);
    }

    private ConfigTree source(Source source, Part part) {
        List<Node> nodes = new ArrayList<>();
        try {
            parse(new Lexer(source), part, null, 0, nodes::add);
        } catch (ConfigException failure) {
            return failed(nodes, failure);
        }
        return new ConfigTree(nodes, files.sources(), null);
    }

    private ConfigTree failed(List<Node> nodes, ConfigException failure) {
        open.clear();
        Position at = failure.where() != null ? failure.where() : new Position(Source.commandLine(""), 0, 1);
        Node unclosed = null;
        Node last = nodes.isEmpty() ? null : nodes.getLast();
        while (last != null && last.hasBlock() && last.close() == null) {
            unclosed = last;
            last = last.children().isEmpty() ? null : last.children().getLast();
        }
        Node broken = Node.broken(failure, at);
        if (unclosed == null) {
            nodes.add(broken);
        } else {
            unclosed.add(broken);
        }
        return new ConfigTree(nodes, files.sources(), failure);
    }

    /** Reads directives into the list until the part ends; {@code parent} is the block they stand in. */
    private void parse(Lexer lexer, Part part, @Nullable Node parent, int depth, Consumer<Node> into) {
        boolean data = parent != null && DATA_BLOCKS.contains(parent.name());
        boolean first = part == Part.FILE;
        for (; ; ) {
            List<Word> words = new ArrayList<>();
            Lexer.Ending ending = lexer.read(words);
            switch (ending) {
                case BLOCK_CLOSES -> {
                    if (part != Part.BLOCK || parent == null) {
                        throw ConfigException.at(lexer.at(), "unexpected \"}\"");
                    }
                    parent.close(lexer.at());
                    return;
                }
                case TEXT_ENDS -> {
                    if (part == Part.BLOCK && parent != null) {
                        throw ConfigException.at(lexer.end(), parent.word(), "unexpected end of file, expecting \"}\"")
                                .withHint("this block is not closed");
                    }
                    return;
                }
                case BLOCK_OPENS -> {
                    if (part == Part.COMMAND_LINE) {
                        throw ConfigException.at(
                                lexer.at(), words.getFirst(), "block directives are not supported in -g option");
                    }
                    if (data) {
                        throw ConfigException.at(lexer.at(), "unexpected \"{\"");
                    }
                }
                case SEMICOLON -> {}
            }
            if (first && !data) {
                refuseByteOrderMark(words.getFirst(), lexer.at());
            }
            first = false;
            if (ending == Lexer.Ending.BLOCK_OPENS) {
                block(lexer, words, depth, into);
            } else {
                simple(Node.simple(words, lexer.at()), parent, data, depth, into);
            }
        }
    }

    private void block(Lexer lexer, List<Word> words, int depth, Consumer<Node> into) {
        Node node = Node.block(words, lexer.at());
        if (node.name().equals("include")) {
            throw ConfigException.at(node, "directive \"include\" is not terminated by \";\"");
        }
        into.accept(node);
        if (depth >= limits.nesting()) {
            throw ConfigException.at(node, "blocks are nested more than " + limits.nesting() + " deep");
        }
        parse(lexer, Part.BLOCK, node, depth + 1, node::add);
    }

    private void simple(Node node, @Nullable Node parent, boolean data, int depth, Consumer<Node> into) {
        boolean includes = node.name().equals("include");
        if (!includes || (data && node.arguments().size() != 1)) {
            into.accept(node);
            return;
        }
        if (node.arguments().size() != 1) {
            throw ConfigException.at(node, "invalid number of arguments in \"include\" directive")
                    .withHint("expected: include FILE;");
        }
        String given = node.argument(0);
        String path = given.startsWith("/") ? given : prefix + given;
        if (!Glob.isPattern(path)) {
            includeFile(path, node, parent, depth, into);
            return;
        }
        for (String name : Glob.expand(path)) {
            includeFile(name, node, parent, depth, into);
        }
    }

    private void includeFile(
            String name, @Nullable Node includer, @Nullable Node parent, int depth, Consumer<Node> into) {
        if (open.contains(name)) {
            throw ConfigFiles.error(includer, "\"" + name + "\" includes itself")
                    .withHint(circle(name));
        }
        if (open.size() > limits.includes()) {
            throw ConfigFiles.error(includer, "files are included more than " + limits.includes() + " deep");
        }
        Source source = files.open(name, includer);
        open.addLast(name);
        parse(new Lexer(source), Part.FILE, parent, depth, into);
        open.removeLast();
    }

    private String circle(String name) {
        StringBuilder text = new StringBuilder();
        boolean inside = false;
        for (String file : open) {
            inside |= file.equals(name);
            if (inside) {
                text.append(file).append(" -> ");
            }
        }
        return text.append(name).toString();
    }

    private static void refuseByteOrderMark(Word word, Position where) {
        if (word.text().startsWith(BYTE_ORDER_MARK)) {
            throw ConfigException.at(where, word, "unknown directive \"" + word.text() + "\"")
                    .withHint("the file begins with a UTF-8 byte order mark (EF BB BF): save it without one");
        }
    }
}
