package io.gatehouse.module.proxy;

import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import java.util.ArrayList;
import java.util.List;

/**
 * Which fields of an answer are passed on and which are obeyed: {@code proxy_hide_header}, {@code proxy_pass_header}, {@code
 * proxy_ignore_headers}. Immutable.
 */
final class AnswerRules {
    static final int IGNORE_REDIRECT = 1;
    static final int IGNORE_EXPIRES = 1 << 1;
    static final int IGNORE_LIMIT_RATE = 1 << 2;
    static final int IGNORE_BUFFERING = 1 << 3;
    static final int IGNORE_CHARSET = 1 << 4;
    /** Expires, Cache-Control, Set-Cookie and Vary matter to a cache only. */
    static final int IGNORE_FOR_CACHE = 1 << 5;

    private static final String[] HIDDEN = {
        "Date",
        "Server",
        "X-Pad",
        "X-Accel-Expires",
        "X-Accel-Redirect",
        "X-Accel-Limit-Rate",
        "X-Accel-Buffering",
        "X-Accel-Charset",
    };

    private final boolean[] hiddenKnown = new boolean[FieldName.count()];
    private final String[] hiddenOther;
    private final int ignored;

    AnswerRules(List<String> hide, List<String> pass, int ignored) {
        this.ignored = ignored;
        List<String> others = new ArrayList<>();
        List<String> all = new ArrayList<>(List.of(HIDDEN));
        all.addAll(hide);
        for (String name : all) {
            if (pass.stream().anyMatch(name::equalsIgnoreCase)) {
                continue;
            }
            int id = FieldName.idOf(name);
            if (id == FieldName.OTHER) {
                others.add(name);
            } else {
                hiddenKnown[id] = true;
            }
        }
        hiddenOther = others.toArray(new String[0]);
    }

    /** Whether the field is kept from the client. */
    boolean hides(Headers fields, int index) {
        int id = fields.id(index);
        if (id != FieldName.OTHER) {
            return hiddenKnown[id];
        }
        for (String name : hiddenOther) {
            if (fields.nameEquals(index, name)) {
                return true;
            }
        }
        return false;
    }

    boolean hides(int id) {
        return hiddenKnown[id];
    }

    /** Whether a field that would be obeyed is not to be. */
    boolean ignores(int which) {
        return (ignored & which) != 0;
    }
}
