package io.gatehouse.config.syntax;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directive as it was written: its name, its arguments and, for a block, what stands between the braces. In blocks
 * such as {@code map} or {@code types} every line is a node too, whose name is the line's first word.
 *
 * <p>A reader that goes as far as it can ({@link ConfigTree#failure()}) ends the innermost open block with a node whose
 * {@link #failure()} is set: who walks the tree in order throws it there, and so finds the same first error as nginx.
 */
public final class Node {
    private final Word word;
    private final List<Word> arguments;
    private final @Nullable List<Node> block;
    private final Position end;
    private final @Nullable ConfigException failure;
    /** Filled, as the children are, while the block is read; nothing of a node changes afterwards. */
    private final List<Position> close = new ArrayList<>(1);

    private Node(
            Word word,
            List<Word> arguments,
            @Nullable List<Node> block,
            Position end,
            @Nullable ConfigException failure) {
        this.word = word;
        this.arguments = arguments;
        this.block = block;
        this.end = end;
        this.failure = failure;
    }

    static Node simple(List<Word> words, Position end) {
        return new Node(words.getFirst(), List.copyOf(words.subList(1, words.size())), null, end, null);
    }

    static Node block(List<Word> words, Position end) {
        return new Node(words.getFirst(), List.copyOf(words.subList(1, words.size())), new ArrayList<>(), end, null);
    }

    static Node broken(ConfigException failure, Position at) {
        return new Node(new Word("", at, Quote.NONE, 0), List.of(), null, at, failure);
    }

    void add(Node child) {
        if (block != null) {
            block.add(child);
        }
    }

    void close(Position at) {
        close.add(at);
    }

    /** The directive's name. */
    public String name() {
        return word.text();
    }

    /** The directive's name with its place. */
    public Word word() {
        return word;
    }

    /** The words after the name. */
    public List<Word> arguments() {
        return arguments;
    }

    /** The text of an argument, counted from 0. */
    public String argument(int i) {
        return arguments.get(i).text();
    }

    public boolean hasBlock() {
        return block != null;
    }

    /** What stands between the braces; null when the directive has none. */
    public @Nullable List<Node> block() {
        return block == null ? null : Collections.unmodifiableList(block);
    }

    /** What stands between the braces; empty when the directive has none. */
    public List<Node> children() {
        return block == null ? List.of() : Collections.unmodifiableList(block);
    }

    /** Where the name stands. */
    public Position at() {
        return word.at();
    }

    /** Where the {@code ;} or the opening brace stands: its line is the one nginx names in errors about a directive. */
    public Position end() {
        return end;
    }

    /** Where the closing brace stands, the place of errors about a whole block; null without one. */
    public @Nullable Position close() {
        return close.isEmpty() ? null : close.getFirst();
    }

    /** The error that ended the reading here; null for a directive. */
    public @Nullable ConfigException failure() {
        return failure;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name());
        arguments.forEach(argument -> text.append(' ').append(argument));
        return text.append(block == null ? ";" : " {").toString();
    }
}
