package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/** {@code hash key}: compatible with Cache::Memcached; another number of servers moves nearly every key. */
public final class Hash extends Balancer {
    public static final Hash INSTANCE = new Hash();

    private Hash() {}

    @Override
    @Nullable
    Peer choose(Selection selection) {
        PeerList list = selection.list();
        if (selection.misses > MISSES || list.number() < 2 || selection.key.isEmpty() || selection.isStale()) {
            return RoundRobin.choosing(selection);
        }
        while (true) {
            selection.hash += hash(selection.rehash++, selection.key);
            int index = list.at(Integer.remainderUnsigned(selection.hash, list.totalWeight));
            if (selection.canTry(index)) {
                return selection.take(index);
            }
            if (++selection.misses > MISSES) {
                return RoundRobin.choosing(selection);
            }
        }
    }

    /** The upper bits of the checksum of the key, with the number of the round before it from the second round on. */
    private static int hash(int round, String key) {
        int state = Crc32.INITIAL;
        int digit = 1;
        while (round / digit >= 10) {
            digit *= 10;
        }
        for (; round > 0 && digit > 0; digit /= 10) {
            state = Crc32.update(state, '0' + round / digit % 10);
        }
        return Crc32.finish(Crc32.update(state, key)) >>> 16 & 0x7fff;
    }
}
