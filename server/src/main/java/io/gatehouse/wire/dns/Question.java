package io.gatehouse.wire.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsRecordEncoder;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import java.nio.charset.StandardCharsets;

/**
 * One question, and how it is sent (RFC 1035, 4.1).
 *
 * @param name {@link DnsNames#isAskable askable}
 */
record Question(String name, DnsRecordType type) implements DnsQuestion {
    private static final int RECURSION_DESIRED = 0x0100;
    private static final Encoder ENCODER = new Encoder();

    @Override
    public int dnsClass() {
        return DnsRecord.CLASS_IN;
    }

    @Override
    public long timeToLive() {
        return 0;
    }

    /** A message that asks for recursion, and this. */
    byte[] message(int id) {
        ByteBuf out = Unpooled.buffer(Reply.HEADER + name.length() + 2 + 4);
        out.writeShort(id).writeShort(RECURSION_DESIRED).writeShort(1).writeZero(6);
        try {
            ENCODER.encodeQuestion(this, out);
        } catch (Exception e) {
            throw new IllegalStateException("cannot ask for \"" + name + "\"", e);
        }
        return ByteBufUtil.getBytes(out);
    }

    /** Netty's, but for names: it makes question marks of what is not ASCII, and refuses the longest that nginx asks for. */
    private static final class Encoder extends DefaultDnsRecordEncoder {
        @Override
        protected void encodeName(String name, ByteBuf out) {
            for (String label : name.split("\\.")) {
                out.writeByte(label.length());
                out.writeCharSequence(label, StandardCharsets.ISO_8859_1);
            }
            out.writeByte(0);
        }
    }
}
