package io.gatehouse.module.splitclients;

/** MurmurHash2 (Austin Appleby, public domain) with nginx's seed, over an octet string. */
final class MurmurHash2 {
    private static final int M = 0x5bd1e995;

    private MurmurHash2() {}

    static int hash(String octets) {
        int length = octets.length();
        int h = length;
        int at = 0;
        for (; length - at >= 4; at += 4) {
            int k = octets.charAt(at)
                    | octets.charAt(at + 1) << 8
                    | octets.charAt(at + 2) << 16
                    | octets.charAt(at + 3) << 24;
            k *= M;
            k ^= k >>> 24;
            k *= M;
            h = h * M ^ k;
        }
        int rest = length - at;
        if (rest >= 3) {
            h ^= octets.charAt(at + 2) << 16;
        }
        if (rest >= 2) {
            h ^= octets.charAt(at + 1) << 8;
        }
        if (rest >= 1) {
            h ^= octets.charAt(at);
            h *= M;
        }
        h ^= h >>> 13;
        h *= M;
        return h ^ h >>> 15;
    }
}
