package io.gatehouse.wire.dns;

import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the records of an answer say. */
final class Records {
    /** Addresses that are kept of one answer. */
    static final int MOST_ADDRESSES = 1024;
    /** Services that are kept of one answer; each is asked for in turn. */
    static final int MOST_SERVICES = 128;

    /** One SRV record (RFC 2782); weight 0 is taken as 1. */
    record Service(String target, int port, int priority, int weight) {}

    final List<InetAddress> addresses = new ArrayList<>();
    final List<Service> services = new ArrayList<>();
    /** The name that stands for the one asked for, or null. */
    @Nullable
    String alias;
    /** For how long all of it holds. */
    long seconds = Integer.MAX_VALUE;

    private final Reply reply;
    private final DnsReport report;

    /** @throws MalformedReply if anything in it is wrong */
    Records(Reply reply, DnsReport report) throws MalformedReply {
        this.reply = reply;
        this.report = report;
        int at = reply.recordsAt;
        for (int i = 0; i < reply.answers; i++) {
            at = record(at);
        }
        services.sort(Comparator.comparingInt(Service::priority));
    }

    private int record(int at) throws MalformedReply {
        ReplyReader in = reply.in;
        int fixed = in.afterName(at);
        in.need(fixed, Reply.RECORD);
        DnsRecordType type = DnsRecordType.valueOf(in.two(fixed));
        int kind = in.two(fixed + 2);
        int length = in.two(fixed + 8);
        int data = fixed + Reply.RECORD;
        if (kind != DnsRecord.CLASS_IN) {
            throw new MalformedReply("unexpected RR class " + kind + " in DNS response");
        }
        in.need(data, length);
        seconds = Math.min(seconds, in.seconds(fixed + 4));
        if (type.equals(DnsRecordType.A)) {
            address(type, 4, data, length);
        } else if (type.equals(DnsRecordType.AAAA)) {
            address(type, 16, data, length);
        } else if (type.equals(DnsRecordType.SRV)) {
            service(data, length);
        } else if (type.equals(DnsRecordType.CNAME)) {
            alias = in.name(data, data + length);
        } else if (!type.equals(DnsRecordType.DNAME)) { // The alias that follows from one stands beside it.
            unexpected(type);
        }
        return data + length;
    }

    private void address(DnsRecordType type, int size, int at, int length) throws MalformedReply {
        if (reply.type.equals(DnsRecordType.SRV)) {
            unexpected(type);
            return;
        }
        if (!type.equals(reply.type)) {
            throw new MalformedReply("unexpected " + type.name() + " record in DNS response");
        }
        if (length != size) {
            throw new MalformedReply("invalid " + type.name() + " record in DNS response");
        }
        if (addresses.size() < MOST_ADDRESSES) {
            try {
                addresses.add(InetAddress.getByAddress(reply.in.copy(at, size)));
            } catch (UnknownHostException e) {
                throw new MalformedReply("invalid " + type.name() + " record in DNS response");
            }
        }
    }

    private void service(int at, int length) throws MalformedReply {
        if (!reply.type.equals(DnsRecordType.SRV)) {
            unexpected(DnsRecordType.SRV);
            return;
        }
        if (length < 7) {
            throw MalformedReply.isShort();
        }
        ReplyReader in = reply.in;
        String target = in.name(at + 6, at + length);
        if (services.size() < MOST_SERVICES) {
            services.add(new Service(target, in.two(at + 4), in.two(at), Math.max(1, in.two(at + 2))));
        }
    }

    private void unexpected(DnsRecordType type) {
        report.error("unexpected RR type " + type.intValue() + " in DNS response");
    }
}
