package io.gatehouse.wire.dns;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is known of names. Read by any loop, filled by one. */
final class Cache {
    /** Clients may choose the names: no more of them are remembered. */
    static final int MOST_NAMES = 10_000;
    /** What share of a full cache makes room when nothing in it has run out. */
    private static final int ROOM = MOST_NAMES / 8;

    private final ConcurrentHashMap<String, Known> names = new ConcurrentHashMap<>();

    /** What is known of the name and still holds, or null. */
    @Nullable
    Known get(String name, long nanos) {
        Known known = names.get(name);
        return known != null && known.validUntil() - nanos > 0 ? known : null;
    }

    /** The addresses that are known of a name, perhaps through aliases, or null. */
    Known.@Nullable Addresses addresses(String name, long nanos) {
        String asked = name;
        for (int step = 0; step <= Asking.MOST_ALIASES; step++) {
            switch (get(asked, nanos)) {
                case Known.Addresses found -> {
                    return found;
                }
                case Known.Alias alias -> asked = alias.name();
                case null, default -> {
                    return null;
                }
            }
        }
        return null;
    }

    void put(String name, Known known, long nanos) {
        if (known.validUntil() - nanos <= 0) {
            names.remove(name);
            return;
        }
        if (names.size() >= MOST_NAMES && !names.containsKey(name)) {
            makeRoom(nanos);
        }
        names.put(name, known);
    }

    int size() {
        return names.size();
    }

    private void makeRoom(long nanos) {
        names.values().removeIf(known -> known.validUntil() - nanos <= 0);
        Iterator<String> any = names.keySet().iterator();
        for (int i = 0; i < ROOM && names.size() >= MOST_NAMES - ROOM && any.hasNext(); i++) {
            any.next();
            any.remove();
        }
    }
}
