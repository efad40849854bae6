package io.gatehouse.coding;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Use;

/** {@code gzip_buffers} and its like: so many of that size may wait for the client. */
public record Buffers(int count, int size) {
    /** nginx's default: 128k in pages. */
    public static final Buffers DEFAULT = new Buffers(32, 4096);

    public long total() {
        return (long) count * size;
    }

    /** Reads two arguments. */
    public static Buffers read(Use use) {
        int count = Arguments.number(use, use.arguments().get(0));
        int size = Arguments.size(use, use.arguments().get(1));
        if (count == 0 || size == 0) {
            throw Arguments.invalid(
                    use,
                    "invalid value",
                    use.arguments().get(count == 0 ? 0 : 1),
                    "expected a number of buffers and the size of each: 32 4k");
        }
        return new Buffers(count, size);
    }
}
