package io.gatehouse.upstream;

/** CRC-32 (ISO 3309) whose unfinished state can be kept, as nginx's hash ring needs. */
final class Crc32 {
    static final int INITIAL = -1;
    private static final int[] TABLE = table();

    private Crc32() {}

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? value >>> 1 ^ 0xedb88320 : value >>> 1;
            }
            table[i] = value;
        }
        return table;
    }

    static int update(int state, int octet) {
        return TABLE[(state ^ octet) & 0xff] ^ state >>> 8;
    }

    static int update(int state, String octets, int from, int to) {
        for (int i = from; i < to; i++) {
            state = update(state, octets.charAt(i));
        }
        return state;
    }

    static int update(int state, String octets) {
        return update(state, octets, 0, octets.length());
    }

    static int finish(int state) {
        return ~state;
    }
}
