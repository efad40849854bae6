package io.gatehouse.exchange;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A user and a password as a client sends them (RFC 7617); octet strings.
 *
 * @param user never empty
 */
public record BasicCredentials(String user, String password) {
    private static final String SCHEME = "Basic ";

    /** Those of the request, or null if it has none that can be read. */
    public static @Nullable BasicCredentials of(Exchange x) {
        String field = x.request.get(FieldName.AUTHORIZATION);
        if (field == null || !field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String encoded = field.substring(SCHEME.length()).strip();
        if (encoded.isEmpty()) {
            return null;
        }
        String text;
        try {
            text = new String(
                    Base64.getDecoder().decode(encoded.getBytes(StandardCharsets.ISO_8859_1)),
                    StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        int colon = text.indexOf(':');
        return colon <= 0 ? null : new BasicCredentials(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return user;
    }
}
