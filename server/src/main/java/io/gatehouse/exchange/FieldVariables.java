package io.gatehouse.exchange;

import io.gatehouse.text.Octets;
import org.jspecify.annotations.Nullable;

/**
 * Variables that read fields of a message: {@code $http_name}, {@code $sent_http_name}, {@code $upstream_http_name}. A dash in
 * a field's name stands as an underscore in the variable's. Several fields of one name are joined.
 */
public final class FieldVariables {
    private FieldVariables() {}

    /** Where the fields are; null if there are none. */
    @FunctionalInterface
    public interface Source {
        @Nullable
        Headers of(Exchange exchange);
    }

    /** The variable for one field; {@code name} as behind the prefix, in lower case. */
    public static Variable field(String name, Source source) {
        String dashed = name.replace('_', '-');
        int id = FieldName.idOf(dashed);
        String separator = name.equals("cookie") ? "; " : ", ";
        return id == FieldName.OTHER ? new Named(name, separator, source) : new Known(id, separator, source);
    }

    private record Known(int id, String separator, Source source) implements Variable {
        @Override
        public @Nullable String get(Exchange exchange) {
            Headers fields = source.of(exchange);
            if (fields == null) {
                return null;
            }
            int first = fields.find(id);
            if (first < 0) {
                return null;
            }
            int second = fields.find(id, first + 1);
            if (second < 0) {
                return fields.value(first);
            }
            StringBuilder all = new StringBuilder(fields.value(first));
            for (int i = second; i >= 0; i = fields.find(id, i + 1)) {
                all.append(separator).append(fields.value(i));
            }
            return all.toString();
        }

        @Override
        public void appendTo(Exchange exchange, Octets out) {
            Headers fields = source.of(exchange);
            if (fields == null) {
                return;
            }
            int i = fields.find(id);
            while (i >= 0) {
                int start = fields.valueStart(i);
                out.put(fields.bytes(), start, fields.valueEnd(i) - start);
                i = fields.find(id, i + 1);
                if (i >= 0) {
                    out.put(separator);
                }
            }
        }
    }

    private record Named(String name, String separator, Source source) implements Variable {
        @Override
        public @Nullable String get(Exchange exchange) {
            Headers fields = source.of(exchange);
            if (fields == null) {
                return null;
            }
            String found = null;
            for (int i = 0; i < fields.size(); i++) {
                if (fields.id(i) == FieldName.OTHER && matches(fields, i)) {
                    found = found == null ? fields.value(i) : found + separator + fields.value(i);
                }
            }
            return found;
        }

        private boolean matches(Headers fields, int index) {
            int start = fields.nameStart(index);
            if (fields.nameEnd(index) - start != name.length()) {
                return false;
            }
            byte[] bytes = fields.bytes();
            for (int i = 0; i < name.length(); i++) {
                byte b = FieldName.lower(bytes[start + i]);
                if ((b == '-' ? '_' : b) != (byte) name.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
