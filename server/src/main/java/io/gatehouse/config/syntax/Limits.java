package io.gatehouse.config.syntax;

/**
 * How much configuration is read before it is called a mistake. nginx has no such limits and ends by exhausting its
 * stack, its files or its memory.
 *
 * @param nesting blocks inside blocks
 * @param includes files inside files
 * @param fileSize bytes of one file
 * @param totalSize bytes of all files, each counted as often as it is included
 */
public record Limits(int nesting, int includes, int fileSize, long totalSize) {
    public static final Limits DEFAULT = new Limits(100, 64, 64 << 20, 256L << 20);
}
