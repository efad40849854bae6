package io.gatehouse.module.autoindex;

import io.gatehouse.exchange.HttpDates;
import java.util.List;
import java.util.Locale;

/**
 * The list as JSON, or as a call of a function with it.
 *
 * @param callback the function; empty for none
 */
record JsonListing(String callback) implements Listing {
    @Override
    public String write(List<Entry> entries) {
        StringBuilder out = new StringBuilder(64 + entries.size() * 96);
        if (!callback.isEmpty()) {
            out.append("/* callback */\r\n").append(callback).append('(');
        }
        out.append('[');
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            out.append(i == 0 ? "\r\n{ \"name\":\"" : ",\r\n{ \"name\":\"");
            escape(entry.name(), out);
            out.append("\", \"type\":\"").append(entry.isFolder() ? "directory" : entry.isFile() ? "file" : "other");
            out.append("\", \"mtime\":\"")
                    .append(HttpDates.format(entry.modified()))
                    .append('"');
            if (entry.isFile()) {
                out.append(", \"size\":").append(entry.size());
            }
            out.append(" }");
        }
        out.append("\r\n]");
        return callback.isEmpty() ? out.toString() : out.append(");").toString();
    }

    private static void escape(String name, StringBuilder out) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ') {
                        out.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }
}
