package io.gatehouse.files;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.exchange.Template;
import org.jspecify.annotations.Nullable;

/**
 * {@code disable_symlinks} where it is not off.
 *
 * @param onlyForeign whether only links that lead to another owner's file are refused ({@code if_not_owner})
 * @param from the beginning of a path that is not checked; null for none
 */
public record Symlinks(boolean onlyForeign, @Nullable Template from) {
    /** Absent where links are followed. */
    public static final SettingsKey<Symlinks> KEY = SettingsKey.of(Symlinks.class);

    /**
     * How many characters of {@code path} are taken as they are; 0 for none, all of them if nothing is to be checked.
     */
    int unchecked(Exchange exchange, String path) {
        if (from == null) {
            return 0;
        }
        String prefix = from.eval(exchange);
        int length = prefix.length();
        if (length == 0 || !path.startsWith(prefix)) {
            return 0;
        }
        if (length == path.length() || path.charAt(length) == '/') {
            return length;
        }
        return path.charAt(length - 1) == '/' ? length - 1 : 0;
    }
}
