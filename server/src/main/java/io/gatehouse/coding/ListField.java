package io.gatehouse.coding;

import io.gatehouse.exchange.Headers;

/** Fields that are lists of words (RFC 9110, 5.6.1). */
final class ListField {
    private ListField() {}

    /** Whether one of the fields of that known name has the word in its list. */
    static boolean names(Headers fields, int id, String word) {
        for (int i = fields.find(id); i >= 0; i = fields.find(id, i + 1)) {
            if (names(fields.value(i), word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the list has the word; case does not count, and what stands behind "=" or ";" belongs to no word. */
    static boolean names(String list, String word) {
        int at = 0;
        while (at < list.length()) {
            int comma = list.indexOf(',', at);
            int end = comma < 0 ? list.length() : comma;
            while (at < end && (list.charAt(at) == ' ' || list.charAt(at) == '\t')) {
                at++;
            }
            int behind = at + word.length();
            if (behind <= end
                    && list.regionMatches(true, at, word, 0, word.length())
                    && (behind == end || " \t;=".indexOf(list.charAt(behind)) >= 0)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }
}
