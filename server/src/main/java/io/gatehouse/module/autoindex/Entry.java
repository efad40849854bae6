package io.gatehouse.module.autoindex;

import java.util.Comparator;

/**
 * One line of a list.
 *
 * @param name octets
 * @param size bytes
 * @param modified seconds since 1970
 */
record Entry(String name, boolean isFolder, boolean isFile, long size, long modified) {
    /** Folders first, then by the octets of the name. */
    static final Comparator<Entry> ORDER =
            Comparator.comparing((Entry entry) -> !entry.isFolder()).thenComparing(Entry::name);
}
