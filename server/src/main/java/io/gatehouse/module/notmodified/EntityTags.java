package io.gatehouse.module.notmodified;

import org.jspecify.annotations.Nullable;

/** Finds an entity tag in a list of them (RFC 9110, 8.8.3). */
final class EntityTags {
    private EntityTags() {}

    /**
     * Whether the list of If-Match or If-None-Match holds the tag, or is {@code *}.
     *
     * @param weak whether a weak tag is equal to the strong one of the same text
     */
    static boolean match(String list, @Nullable String tag, boolean weak) {
        if (list.equals("*")) {
            return true;
        }
        if (tag == null) {
            return false;
        }
        String wanted = weak && tag.startsWith("W/") && tag.length() > 2 ? tag.substring(2) : tag;
        int at = 0;
        while (at < list.length()) {
            if (weak && list.startsWith("W/", at) && list.length() - at > 2) {
                at += 2;
            }
            if (list.startsWith(wanted, at)) {
                int behind = skip(list, at + wanted.length(), " \t");
                if (behind == list.length() || list.charAt(behind) == ',') {
                    return true;
                }
                at = behind;
            }
            int comma = list.indexOf(',', at);
            if (comma < 0) {
                return false;
            }
            at = skip(list, comma, " \t,");
        }
        return false;
    }

    private static int skip(String text, int from, String characters) {
        int at = from;
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }
}
