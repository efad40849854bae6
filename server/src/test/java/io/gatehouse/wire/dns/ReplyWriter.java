package io.gatehouse.wire.dns;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** Writes an answer, right or wrong. */
final class ReplyWriter {
    static final int A = 1;
    static final int CNAME = 5;
    static final int AAAA = 28;
    static final int SRV = 33;
    static final int DNAME = 39;

    /** Points to the question's name. */
    static final byte[] ASKED = {(byte) 0xc0, 12};

    private final int id;
    private final byte[] question;
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private int flags = 0x8180;
    private int count;
    private int questions = 1;
    private int seconds = 3600;

    ReplyWriter(int id, String name, int type) {
        this.id = id;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(name(name));
        two(out, type);
        two(out, 1);
        this.question = out.toByteArray();
    }

    ReplyWriter code(int code) {
        flags |= code;
        return this;
    }

    ReplyWriter flags(int all) {
        flags = all;
        return this;
    }

    ReplyWriter truncated() {
        flags |= 0x0200;
        return this;
    }

    ReplyWriter questions(int number) {
        questions = number;
        return this;
    }

    /** For the records that follow. */
    ReplyWriter seconds(int ttl) {
        seconds = ttl;
        return this;
    }

    ReplyWriter address(String literal) {
        byte[] address = InetAddress.ofLiteral(literal).getAddress();
        return record(ASKED, address.length == 4 ? A : AAAA, 1, address);
    }

    ReplyWriter alias(String name) {
        return record(ASKED, CNAME, 1, name(name));
    }

    ReplyWriter service(int priority, int weight, int port, String target) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        two(data, priority);
        two(data, weight);
        two(data, port);
        data.writeBytes(name(target));
        return record(ASKED, SRV, 1, data.toByteArray());
    }

    ReplyWriter record(byte[] owner, int type, int kind, byte[] data) {
        count++;
        records.writeBytes(owner);
        two(records, type);
        two(records, kind);
        two(records, seconds >> 16);
        two(records, seconds);
        two(records, data.length);
        records.writeBytes(data);
        return this;
    }

    /** Octets where a record should be. */
    ReplyWriter raw(int... octets) {
        count++;
        for (int octet : octets) {
            records.write(octet);
        }
        return this;
    }

    byte[] octets() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        two(out, id);
        two(out, flags);
        two(out, questions);
        two(out, count);
        two(out, 0);
        two(out, 0);
        out.writeBytes(question);
        out.writeBytes(records.toByteArray());
        return out.toByteArray();
    }

    static byte[] name(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!name.isEmpty()) {
            for (String label : name.split("\\.", -1)) {
                out.write(label.length());
                out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        out.write(0);
        return out.toByteArray();
    }

    private static void two(ByteArrayOutputStream out, int number) {
        out.write(number >> 8);
        out.write(number);
    }
}
