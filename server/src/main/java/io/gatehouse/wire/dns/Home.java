package io.gatehouse.wire.dns;

import io.gatehouse.wire.Loop;
import io.netty.handler.codec.dns.DnsRecordType;
import java.util.concurrent.RejectedExecutionException;

/** A resolver on its loop: what is asked there, for whichever loop, and how answers get back. */
final class Home implements NameServer.Listener {
    final Loop loop;
    final Asking hosts;
    final Asking services;
    final DnsReport report;
    private final NameServers servers;

    Home(Loop loop, ResolverSettings settings, DnsReport report, Cache cache) {
        this.loop = loop;
        this.report = report;
        this.servers = new NameServers(loop, settings.servers(), report, this);
        this.hosts = new Asking(loop, settings, servers, report, cache, types(settings));
        this.services = new Asking(loop, settings, servers, report, new Cache(), DnsRecordType.SRV);
    }

    private static DnsRecordType[] types(ResolverSettings settings) {
        if (settings.ipv4() && settings.ipv6()) {
            return new DnsRecordType[] {DnsRecordType.A, DnsRecordType.AAAA};
        }
        return new DnsRecordType[] {settings.ipv4() ? DnsRecordType.A : DnsRecordType.AAAA};
    }

    /** Runs it here: now, or in turn. */
    void run(Runnable task) {
        runOn(loop, task);
    }

    static void runOn(Loop loop, Runnable task) {
        if (loop.inLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it all who waited.
        }
    }

    long wallMillis(long nanos) {
        return loop.wallMillis() + (nanos - loop.nanos()) / 1_000_000;
    }

    void close() {
        hosts.endAll();
        services.endAll();
        servers.close();
    }

    @Override
    public void received(byte[] octets, boolean tcp) {
        try {
            Reply reply = new Reply(octets, tcp);
            if (reply.isRefusal()) {
                refusal(reply);
                return;
            }
            DnsRecordType type = reply.type;
            if (type.equals(DnsRecordType.A) || type.equals(DnsRecordType.AAAA)) {
                hosts.reply(reply);
            } else if (type.equals(DnsRecordType.SRV)) {
                services.reply(reply);
            } else {
                throw new MalformedReply("unknown query type " + type.intValue() + " in DNS response");
            }
        } catch (MalformedReply e) {
            report.error(e.message());
        }
    }

    private void refusal(Reply reply) {
        String name = reply.code == DnsCode.FORMAT_ERROR ? hosts.askedAs(reply.id) : null;
        report.error("DNS error (" + DnsCode.text(reply.code) + "), query id:" + reply.id
                + (name == null ? "" : ", name:\"" + name + "\""));
    }

    @Override
    public void notSent(Query query) {
        hosts.unreachable(query);
    }

    @Override
    public void refused(int server) {
        hosts.unreachable(server);
        services.unreachable(server);
    }
}
