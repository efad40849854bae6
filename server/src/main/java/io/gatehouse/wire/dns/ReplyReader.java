package io.gatehouse.wire.dns;

/** Reads numbers and names out of a message; nothing outside of it, and no pointer more often than names need. */
final class ReplyReader {
    /** Labels and pointers of one name; as many as nginx follows. */
    static final int MOST_STEPS = 128;

    private static final int POINTER = 0xc0;

    private final byte[] octets;

    ReplyReader(byte[] octets) {
        this.octets = octets;
    }

    int length() {
        return octets.length;
    }

    /** Fails unless {@code count} octets are there. */
    void need(int at, int count) throws MalformedReply {
        if (at + count > octets.length) {
            throw MalformedReply.isShort();
        }
    }

    int octet(int at) {
        return octets[at] & 0xff;
    }

    int two(int at) {
        return octet(at) << 8 | octet(at + 1);
    }

    /** Seconds; what would be negative is 0 (RFC 2181, 8). */
    long seconds(int at) {
        return Math.max(0, two(at) << 16 | two(at + 2));
    }

    byte[] copy(int at, int count) {
        return java.util.Arrays.copyOfRange(octets, at, at + count);
    }

    /** Where the question's name ends, which no pointer may stand in. */
    int afterQuestionName(int at) throws MalformedReply {
        int i = at;
        while (i < octets.length) {
            int length = octet(i);
            if ((length & POINTER) != 0) {
                throw new MalformedReply("unexpected compression pointer in DNS response");
            }
            i += 1 + length;
            if (length == 0) {
                if (i == at + 1) {
                    throw new MalformedReply("zero-length domain name in DNS response");
                }
                return i;
            }
        }
        throw MalformedReply.isShort();
    }

    /** Where the name of a record ends. */
    int afterName(int at) throws MalformedReply {
        int i = at;
        while (i < octets.length) {
            int length = octet(i);
            if ((length & POINTER) != 0) {
                return i + 2;
            }
            i += 1 + length;
            if (length == 0) {
                if (i == at + 1) {
                    throw new MalformedReply("invalid name in DNS response");
                }
                return i;
            }
        }
        throw MalformedReply.isShort();
    }

    /**
     * The name there in normal form; empty for the root.
     *
     * @param end where the data that it stands in end; it may point to what is before, and not go on behind
     */
    String name(int at, int end) throws MalformedReply {
        StringBuilder name = new StringBuilder();
        int i = at;
        for (int step = 0; step < MOST_STEPS; step++) {
            if (i >= end) {
                throw outside();
            }
            int length = octet(i++);
            if (length == 0) {
                return name.toString();
            }
            if ((length & POINTER) != 0) {
                if ((length & POINTER) != POINTER) {
                    throw new MalformedReply("invalid label type in DNS response");
                }
                if (i >= end) {
                    throw outside();
                }
                i = (length & ~POINTER) << 8 | octet(i);
            } else {
                label(name, i, length, end);
                i += length;
            }
        }
        throw new MalformedReply("compression pointers loop in DNS response");
    }

    private void label(StringBuilder name, int at, int length, int end) throws MalformedReply {
        if (at + length >= end) {
            throw outside();
        }
        if (!name.isEmpty()) {
            name.append('.');
        }
        for (int i = at; i < at + length; i++) {
            int c = octet(i);
            name.append((char) (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c));
        }
        if (name.length() > DnsNames.LONGEST) {
            throw new MalformedReply("invalid name in DNS response");
        }
    }

    private static MalformedReply outside() {
        return new MalformedReply("name is out of DNS response");
    }
}
