package io.gatehouse.module.autoindex;

import java.util.List;

/** Writes the entries of a folder as the body of an answer, an octet string. */
@FunctionalInterface
interface Listing {
    String write(List<Entry> entries);
}
