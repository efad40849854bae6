package io.gatehouse.wire.dns;

/** Writes questions (RFC 1035, 4.1). */
final class QuestionWriter {
    static final int HEADER = 12;
    static final int A = 1;
    static final int CNAME = 5;
    static final int AAAA = 28;
    static final int SRV = 33;
    static final int DNAME = 39;
    static final int INTERNET = 1;

    private QuestionWriter() {}

    /** One question that asks for recursion. The name is {@link DnsNames#isAskable askable}. */
    static byte[] question(int id, String name, int type) {
        byte[] octets = new byte[HEADER + name.length() + 2 + 4];
        octets[0] = (byte) (id >> 8);
        octets[1] = (byte) id;
        octets[2] = 1;
        octets[5] = 1;
        int lengthAt = HEADER;
        int at = HEADER + 1;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                octets[lengthAt] = (byte) (at - lengthAt - 1);
                lengthAt = at++;
            } else {
                octets[at++] = (byte) c;
            }
        }
        octets[lengthAt] = (byte) (at - lengthAt - 1);
        at++;
        octets[at + 1] = (byte) type;
        octets[at + 3] = INTERNET;
        return octets;
    }
}
