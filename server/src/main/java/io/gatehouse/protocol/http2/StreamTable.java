package io.gatehouse.protocol.http2;

import org.jspecify.annotations.Nullable;

/** The open streams of a connection by their numbers: open addressing, no boxes. */
final class StreamTable {
    private static final int FIRST_SIZE = 16;

    private @Nullable Http2Stream[] slots = new @Nullable Http2Stream[FIRST_SIZE];
    private int count;

    int size() {
        return count;
    }

    /** How many places {@link #at} knows. */
    int slots() {
        return slots.length;
    }

    /** What is in a place, or null; for a walk over all streams during which none comes or goes. */
    @Nullable
    Http2Stream at(int slot) {
        return slots[slot];
    }

    /** The open streams, for a walk during which some may go. */
    Http2Stream[] all() {
        Http2Stream[] all = new Http2Stream[count];
        int at = 0;
        for (Http2Stream stream : slots) {
            if (stream != null) {
                all[at++] = stream;
            }
        }
        return all;
    }

    @Nullable
    Http2Stream get(int id) {
        int mask = slots.length - 1;
        for (int i = home(id, mask); ; i = i + 1 & mask) {
            Http2Stream found = slots[i];
            if (found == null || found.id == id) {
                return found;
            }
        }
    }

    void add(Http2Stream stream) {
        if (2 * ++count > slots.length) {
            grow();
        }
        put(stream);
    }

    private void put(Http2Stream stream) {
        int mask = slots.length - 1;
        int i = home(stream.id, mask);
        while (slots[i] != null) {
            i = i + 1 & mask;
        }
        slots[i] = stream;
    }

    private void grow() {
        @Nullable Http2Stream[] before = slots;
        slots = new @Nullable Http2Stream[before.length * 2];
        for (Http2Stream stream : before) {
            if (stream != null) {
                put(stream);
            }
        }
    }

    void remove(int id) {
        int mask = slots.length - 1;
        int i = home(id, mask);
        while (true) {
            Http2Stream found = slots[i];
            if (found == null) {
                return;
            }
            if (found.id == id) {
                break;
            }
            i = i + 1 & mask;
        }
        count--;
        slots[i] = null;
        // what stands behind the gap and does not belong there moves up
        for (int j = i + 1 & mask; ; j = j + 1 & mask) {
            Http2Stream next = slots[j];
            if (next == null) {
                return;
            }
            if ((j - home(next.id, mask) & mask) >= (j - i & mask)) {
                slots[i] = next;
                slots[j] = null;
                i = j;
            }
        }
    }

    /** Clients use odd numbers one after another. */
    private static int home(int id, int mask) {
        return id >> 1 & mask;
    }
}
