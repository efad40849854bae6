package io.gatehouse.wire.dns;

import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;

/** An answer's header and the question it repeats. */
final class Reply {
    static final int HEADER = 12;

    /** A record's fixed part behind its name. */
    static final int RECORD = 10;

    private static final int TRUNCATED = 0x0200;
    /** What tells an answer to a usual question from anything else. */
    private static final int KIND = 0xf870;

    private static final int ANSWER = 0x8000;

    final int id;
    final int code;
    final boolean truncated;
    /** The number of records that answer. */
    final int answers;
    /** The question's name in normal form; empty if the code says that there may be none. */
    final String name;

    /** The question's type; of number 0 if there may be none. */
    final DnsRecordType type;
    /** Where the records begin. */
    final int recordsAt;

    final ReplyReader in;

    /** @throws MalformedReply with nginx's message if it is no answer to a question of ours */
    Reply(byte[] octets, boolean tcp) throws MalformedReply {
        in = new ReplyReader(octets);
        in.need(0, HEADER);
        id = in.two(0);
        int flags = in.two(2);
        truncated = (flags & TRUNCATED) != 0;
        if ((flags & KIND) != ANSWER || (truncated && tcp)) {
            throw new MalformedReply(
                    "invalid " + (tcp ? "TCP" : "UDP") + " DNS response " + id + " fl:" + String.format("%04X", flags));
        }
        code = flags & 0xf;
        answers = in.two(6);
        if (isRefusal()) {
            name = "";
            type = DnsRecordType.valueOf(0);
            recordsAt = 0;
            return;
        }
        if (in.two(4) != 1) {
            throw new MalformedReply("invalid number of questions in DNS response");
        }
        int end = in.afterQuestionName(HEADER);
        recordsAt = end + 4;
        in.need(recordsAt, answers * (2 + RECORD));
        if (in.two(end + 2) != DnsRecord.CLASS_IN) {
            throw new MalformedReply("unknown query class " + in.two(end + 2) + " in DNS response");
        }
        type = DnsRecordType.valueOf(in.two(end));
        name = in.name(HEADER, end);
    }

    /** Whether the server did not understand, or says something unknown: nothing can be learnt from it. */
    boolean isRefusal() {
        return code == DnsCode.FORMAT_ERROR || code > DnsCode.REFUSED;
    }
}
