package io.gatehouse.module.proxy;

import io.gatehouse.text.UriText;
import org.jspecify.annotations.Nullable;

/**
 * The URI of an X-Accel-Redirect field.
 *
 * @param uri decoded
 * @param args behind the question mark, or null
 */
record AccelRedirect(String uri, @Nullable String args) {

    /** Null for a URI that could lead out of its tree. */
    static @Nullable AccelRedirect parse(String text) {
        int mark = text.indexOf('?');
        String path = mark < 0 ? text : text.substring(0, mark);
        String args = mark < 0 ? null : text.substring(mark + 1);
        if (path.isEmpty() || isUnsafe(path)) {
            return null;
        }
        if (path.indexOf('%') >= 0) {
            path = UriText.unescape(path);
            if (isUnsafe(path)) {
                return null;
            }
        }
        return new AccelRedirect(path, args);
    }

    private static boolean isUnsafe(String path) {
        if (path.indexOf('\0') >= 0 || path.equals("..") || path.startsWith("../")) {
            return true;
        }
        for (int i = path.indexOf("/.."); i >= 0; i = path.indexOf("/..", i + 1)) {
            if (i + 3 == path.length() || path.charAt(i + 3) == '/') {
                return true;
            }
        }
        return false;
    }
}
