package io.gatehouse.config.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was read: the directives, every {@code include} expanded in its place.
 *
 * @param nodes the directives outside all blocks
 * @param sources each file read, once, in the order of the first reading, as {@code -T} shows them
 * @param failure the error that ended the reading early, if any; it stands in the tree as well, see {@link Node#failure()}
 */
public record ConfigTree(
        List<Node> nodes, List<Source> sources, @Nullable ConfigException failure) {
    public ConfigTree {
        nodes = List.copyOf(nodes);
        sources = List.copyOf(sources);
    }

    /** This tree, if it was read to the end. */
    public ConfigTree orThrow() {
        if (failure != null) {
            throw failure;
        }
        return this;
    }

    /** What {@code -T} writes: every file under a heading of its name. */
    public String dump() {
        StringBuilder text = new StringBuilder();
        for (Source source : sources) {
            text.append("# configuration file ").append(source.name()).append(":\n");
            text.append(source.text()).append('\n');
        }
        return text.toString();
    }
}
