package io.gatehouse.coding;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The media types that are compressed ({@code gzip_types} and its like): text/html always, and those that are named. */
public final class MediaTypes {
    /** What a file that names none has. */
    public static final List<List<String>> NONE_NAMED = List.of();

    private static final String HTML = "text/html";
    private static final String ANY = "*";

    private final boolean any;
    private final String[] names;

    private MediaTypes(boolean any, String[] names) {
        this.any = any;
        this.names = names;
    }

    /** Those of all uses on one level. */
    public static MediaTypes of(List<List<String>> uses) {
        List<String> names = new ArrayList<>();
        names.add(HTML);
        uses.forEach(names::addAll);
        return new MediaTypes(names.contains(ANY), names.toArray(new String[0]));
    }

    /** Reads one use, in lower case; warns of what is named twice, as nginx does. */
    public static List<String> read(Use use) {
        List<String> names = new ArrayList<>();
        for (Word word : use.arguments()) {
            String name = word.text().toLowerCase(Locale.ROOT);
            if (name.equals(HTML) || names.contains(name)) {
                use.warn("duplicate MIME type \"" + word.text() + "\"");
            } else {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    /**
     * Whether an answer of that type is meant.
     *
     * @param type Content-Type with or without parameters; null for none
     */
    public boolean contains(@Nullable String type) {
        if (any) {
            return true;
        }
        if (type == null || type.isEmpty()) {
            return false;
        }
        int end = type.indexOf(';');
        int length = end < 0 ? type.length() : end;
        while (length > 0 && type.charAt(length - 1) == ' ') {
            length--;
        }
        for (String name : names) {
            if (name.length() == length && type.regionMatches(true, 0, name, 0, length)) {
                return true;
            }
        }
        return false;
    }
}
