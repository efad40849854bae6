package io.gatehouse.exchange;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message, in order: each a slice of one byte array, so that what is passed on is copied as bytes and
 * a string is made only for who asks. Fields that were added stand behind the bytes that were received.
 *
 * <p>Not safe for several threads. Names compare without regard to case (RFC 9110, 5.1).
 */
public final class Headers {
    private static final int STRIDE = 5;
    private static final byte[] NONE = {};
    private static final int[] NO_SPANS = {};

    private byte[] bytes = NONE;
    private int used;
    private int[] spans = NO_SPANS;
    private int count;

    /** Fields whose bytes lie in {@code head[0, used)}; the array is shared until the first addition, which copies it. */
    public void wrap(byte[] head, int used) {
        this.bytes = head;
        this.used = used;
        this.shared = true;
        this.count = 0;
    }

    /**
     * The fields stay, but their bytes lie in another array that begins with the same bytes, as when a head that is being
     * read has outgrown its array. Nothing may have been added but slices.
     */
    public void rewrap(byte[] head, int used) {
        this.bytes = head;
        this.used = used;
        this.shared = true;
    }

    /** Copies what was received into an array of its own that is just large enough, so that the wrapped one is free. */
    public void detach() {
        if (shared) {
            bytes = Arrays.copyOf(bytes, used);
            shared = false;
        }
    }

    /** Keeps no more room than the fields need: there will be no others for a long time. */
    public void compact() {
        detach();
        spans = Arrays.copyOf(spans, count * STRIDE);
    }

    private boolean shared;

    /** Adds a field of another message: shares its bytes if they are the ones wrapped here, else copies them. */
    @SuppressWarnings("ReferenceEquality") // the same array, not an equal one
    public void addFrom(Headers other, int index) {
        int at = index * STRIDE;
        int[] from = other.spans;
        if (bytes == other.bytes) {
            addSpan(from[at], from[at + 1], from[at + 2], from[at + 3], from[at + 4]);
            return;
        }
        int nameStart = append(other.bytes, from[at + 1], from[at + 2]);
        int nameEnd = used;
        int valueStart = append(other.bytes, from[at + 3], from[at + 4]);
        addSpan(from[at], nameStart, nameEnd, valueStart, used);
    }

    /** Adds a field whose name and value lie in the wrapped array. */
    public void addSlice(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        addSpan(FieldName.idOf(bytes, nameStart, nameEnd), nameStart, nameEnd, valueStart, valueEnd);
    }

    public void add(String name, String value) {
        add(FieldName.idOf(name), name, value);
    }

    public void add(int id, String value) {
        add(id, FieldName.nameOf(id), value);
    }

    private void add(int id, String name, String value) {
        int nameStart = append(name);
        int nameEnd = used;
        int valueStart = append(value);
        addSpan(id, nameStart, nameEnd, valueStart, used);
    }

    /** Replaces the first field of that name, removes others of it; adds it at the end if there is none. */
    public void set(int id, String value) {
        int first = find(id);
        if (first < 0) {
            add(id, value);
            return;
        }
        setValue(first, value);
        removeFrom(first + 1, id);
    }

    /** As {@link #set(int, String)}, for any name. */
    public void set(String name, String value) {
        int first = find(name);
        if (first < 0) {
            add(name, value);
            return;
        }
        setValue(first, value);
        for (int i = count - 1; i > first; i--) {
            if (nameEquals(i, name)) {
                removeAt(i);
            }
        }
    }

    public void setValue(int index, String value) {
        int start = append(value);
        spans[index * STRIDE + 3] = start;
        spans[index * STRIDE + 4] = used;
    }

    /** Removes every field of that known name. */
    public void remove(int id) {
        removeFrom(0, id);
    }

    public void remove(String name) {
        for (int i = count - 1; i >= 0; i--) {
            if (nameEquals(i, name)) {
                removeAt(i);
            }
        }
    }

    private void removeFrom(int from, int id) {
        for (int i = count - 1; i >= from; i--) {
            if (spans[i * STRIDE] == id) {
                removeAt(i);
            }
        }
    }

    public void removeAt(int index) {
        System.arraycopy(spans, (index + 1) * STRIDE, spans, index * STRIDE, (count - index - 1) * STRIDE);
        count--;
    }

    public int size() {
        return count;
    }

    /** The {@link FieldName} number of the field at {@code index}. */
    public int id(int index) {
        return spans[index * STRIDE];
    }

    public String name(int index) {
        return text(spans[index * STRIDE + 1], spans[index * STRIDE + 2]);
    }

    public String value(int index) {
        return text(spans[index * STRIDE + 3], spans[index * STRIDE + 4]);
    }

    /** The index of the first field of that known name, or -1. */
    public int find(int id) {
        return find(id, 0);
    }

    /** The index of the first field of that known name at or behind {@code from}, or -1. */
    public int find(int id, int from) {
        for (int i = from; i < count; i++) {
            if (spans[i * STRIDE] == id) {
                return i;
            }
        }
        return -1;
    }

    /** The index of the first field of that name, or -1. */
    public int find(String name) {
        for (int i = 0; i < count; i++) {
            if (nameEquals(i, name)) {
                return i;
            }
        }
        return -1;
    }

    /** The value of the first field of that known name, or null. */
    public @Nullable String get(int id) {
        int i = find(id);
        return i < 0 ? null : value(i);
    }

    public @Nullable String get(String name) {
        int i = find(name);
        return i < 0 ? null : value(i);
    }

    public boolean has(int id) {
        return find(id) >= 0;
    }

    public boolean nameEquals(int index, String name) {
        int start = nameStart(index);
        if (nameEnd(index) - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (FieldName.lower(bytes[start + i]) != FieldName.lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The array in which every name and value lies; valid until the next addition. */
    public byte[] bytes() {
        return bytes;
    }

    public int nameStart(int index) {
        return spans[index * STRIDE + 1];
    }

    public int nameEnd(int index) {
        return spans[index * STRIDE + 2];
    }

    public int valueStart(int index) {
        return spans[index * STRIDE + 3];
    }

    public int valueEnd(int index) {
        return spans[index * STRIDE + 4];
    }

    public void clear() {
        count = 0;
        if (shared) {
            bytes = NONE;
            shared = false;
        }
        used = 0;
    }

    private void addSpan(int id, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int at = count * STRIDE;
        if (at == spans.length) {
            spans = Arrays.copyOf(spans, Math.max(STRIDE * 12, at * 2));
        }
        spans[at] = id;
        spans[at + 1] = nameStart;
        spans[at + 2] = nameEnd;
        spans[at + 3] = valueStart;
        spans[at + 4] = valueEnd;
        count++;
    }

    private int append(byte[] source, int from, int to) {
        int start = used;
        reserve(to - from);
        System.arraycopy(source, from, bytes, start, to - from);
        used = start + to - from;
        return start;
    }

    private void reserve(int length) {
        if (shared || used + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + length + 128, bytes.length + (bytes.length >> 1)));
            shared = false;
        }
    }

    @SuppressWarnings("deprecation") // the one copy of a Latin-1 string that needs no temporary array
    private int append(String text) {
        int start = used;
        int length = text.length();
        reserve(length);
        text.getBytes(0, length, bytes, start);
        used = start + length;
        return start;
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
