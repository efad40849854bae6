package io.gatehouse.text;

import java.util.Map;

/**
 * A PCRE pattern in the words of java.util.regex.
 *
 * @param pattern the text, meant for octet strings and the flag UNIX_LINES
 * @param groups how many capturing groups PCRE counts
 * @param javaGroups the number of each of them there, by PCRE's number from 1
 * @param resets groups there that mark where {@code \K} stood
 * @param names the numbers of the named groups
 * @param anchored whether a match can only begin where the subject does
 * @param anchoredToLine the same for each line of the subject
 * @param repeatable whether a match can be found again by itself, at the place where it began
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and seen by Regex only.
record Translation(
        String pattern,
        int groups,
        int[] javaGroups,
        int[] resets,
        Map<String, Integer> names,
        boolean anchored,
        boolean anchoredToLine,
        boolean repeatable) {}
