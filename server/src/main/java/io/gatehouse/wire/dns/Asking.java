package io.gatehouse.wire.dns;

import io.gatehouse.wire.Loop;
import io.gatehouse.wire.dns.Query.Part;
import io.netty.handler.codec.dns.DnsRecordType;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that are being asked for, of one kind: hosts, or services. Its rules are nginx's: both kinds of address must be
 * answered, an answer that makes no sense is as none, and what has no answer after 5 s is asked of the next server. On the
 * resolver's loop only.
 */
final class Asking {
    /** How many aliases are followed. */
    static final int MOST_ALIASES = 50;
    /** Names asked for at a time; clients may choose them. */
    static final int MOST_QUERIES = 4096;

    private static final long RESEND_MILLIS = 5_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Loop loop;
    private final ResolverSettings settings;
    private final NameServers servers;
    private final DnsReport report;
    private final DnsRecordType[] types;
    private final Cache cache;
    private final Map<String, Query> asked = new HashMap<>();

    /** @param types what is asked for each name */
    Asking(
            Loop loop,
            ResolverSettings settings,
            NameServers servers,
            DnsReport report,
            Cache cache,
            DnsRecordType... types) {
        this.loop = loop;
        this.settings = settings;
        this.servers = servers;
        this.report = report;
        this.cache = cache;
        this.types = types;
    }

    // -- those who wait

    /** @param timeoutMillis 0 for none */
    void ask(String name, long timeoutMillis, Waiter waiter) {
        List<Waiter> one = new ArrayList<>(1);
        one.add(waiter);
        resolve(name, one);
        if (!waiter.over && timeoutMillis > 0) {
            waiter.timeout = loop.deadline(() -> fail(waiter, DnsCode.TIMED_OUT));
            waiter.timeout.in(timeoutMillis);
        }
    }

    /** It hears nothing any more. What was asked for it is still remembered. */
    void cancel(Waiter waiter) {
        waiter.over = true;
        if (waiter.timeout != null) {
            waiter.timeout.clear();
        }
        if (waiter.query != null) {
            waiter.query.waiting.remove(waiter);
        }
    }

    private void fail(Waiter waiter, int code) {
        if (!waiter.over) {
            cancel(waiter);
            waiter.failed(code);
        }
    }

    private void fail(List<Waiter> waiters, int code) {
        for (Waiter waiter : waiters) {
            fail(waiter, code);
        }
    }

    private void answer(List<Waiter> waiters, Known known, boolean fresh) {
        for (Waiter waiter : waiters) {
            if (!waiter.over) {
                cancel(waiter);
                waiter.found(known, fresh);
            }
        }
    }

    private void resolve(String name, List<Waiter> waiters) {
        switch (cache.get(name, loop.nanos())) {
            case Known.Alias alias -> follow(alias.name(), waiters);
            case null -> join(name, waiters);
            case Known known -> answer(waiters, known, false);
        }
    }

    private void follow(String alias, List<Waiter> waiters) {
        List<Waiter> going = new ArrayList<>(waiters.size());
        for (Waiter waiter : waiters) {
            waiter.query = null;
            if (++waiter.aliases > MOST_ALIASES) {
                fail(waiter, DnsCode.HOST_NOT_FOUND);
            } else if (!waiter.over) {
                going.add(waiter);
            }
        }
        if (!going.isEmpty()) {
            resolve(alias, going);
        }
    }

    private void join(String name, List<Waiter> waiters) {
        Query query = asked.get(name);
        if (query != null && query.waiting.isEmpty()) {
            end(query); // Nobody waited for it; its time is not that of those who do now.
            query = null;
        }
        if (query == null) {
            if (!DnsNames.isAskable(name)) {
                fail(waiters, DnsCode.HOST_NOT_FOUND);
                return;
            }
            if (asked.size() >= MOST_QUERIES) {
                fail(waiters, DnsCode.REFUSED);
                return;
            }
            query = begin(name);
        }
        query.waiting.addAll(waiters);
        for (Waiter waiter : waiters) {
            waiter.query = query;
        }
    }

    // -- questions

    private Query begin(String name) {
        List<Part> parts = new ArrayList<>(types.length);
        for (DnsRecordType type : types) {
            int id = RANDOM.nextInt(1 << 16);
            parts.add(new Part(type, id, new Question(name, type).message(id)));
        }
        Query[] self = new Query[1];
        Query query = new Query(name, parts, loop.deadline(() -> sendAgain(self[0])));
        self[0] = query;
        asked.put(name, query);
        query.server = servers.next();
        send(query);
        return query;
    }

    private void send(Query query) {
        query.resend.in(RESEND_MILLIS);
        for (Part part : query.parts) {
            if (!part.answered) {
                servers.send(query, part);
            }
        }
    }

    private void sendAgain(Query query) {
        if (query.waiting.isEmpty()) {
            end(query);
            return;
        }
        query.unreachable = 0;
        query.server = servers.after(query.server);
        send(query);
    }

    /** The server that is being asked cannot be reached: there is no use in waiting for it while there are others. */
    void unreachable(Query query) {
        if (!query.over && ++query.unreachable < servers.count()) {
            query.server = servers.after(query.server);
            send(query);
        }
    }

    /** As {@link #unreachable(Query)} for all that was asked of a server. */
    void unreachable(int server) {
        for (Query query : List.copyOf(asked.values())) {
            if (query.server == server) {
                unreachable(query);
            }
        }
    }

    private void end(Query query) {
        query.over = true;
        query.resend.clear();
        asked.remove(query.name, query);
        query.sockets.forEach(UdpSocket::release);
        query.sockets.clear();
    }

    void endAll() {
        for (Query query : List.copyOf(asked.values())) {
            end(query);
            query.waiting.forEach(waiter -> {
                if (waiter.timeout != null) {
                    waiter.timeout.clear();
                }
            });
        }
    }

    /** The name that was asked for under that number, or null. */
    @Nullable
    String askedAs(int id) {
        for (Query query : asked.values()) {
            if (query.has(id)) {
                return query.name;
            }
        }
        return null;
    }

    // -- answers

    void reply(Reply reply) throws MalformedReply {
        Query query = asked.get(reply.name);
        Part part = query == null ? null : query.part(reply.type);
        if (query == null || part == null || part.answered) {
            throw new MalformedReply("unexpected DNS response for " + reply.name);
        }
        if (reply.truncated && part.tcp) {
            return;
        }
        if (reply.id != part.id) {
            throw new MalformedReply(
                    "wrong ident " + reply.id + " in DNS response for " + reply.name + ", expect " + part.id);
        }
        if (reply.truncated) {
            askOverTcp(query, part);
            return;
        }
        int code = reply.code != DnsCode.NO_ERROR ? reply.code : query.code;
        if (code != DnsCode.NO_ERROR || reply.answers == 0) {
            part.answered = true;
            nothing(query, code);
        } else {
            records(query, part, new Records(reply, report));
        }
    }

    private void askOverTcp(Query query, Part part) {
        if (query.waiting.isEmpty()) {
            end(query);
            return;
        }
        part.tcp = true;
        query.resend.in(RESEND_MILLIS);
        servers.send(query, part);
    }

    private void nothing(Query query, int code) {
        if (!query.isAnswered()) {
            query.code = code;
        } else if (code == DnsCode.NO_ERROR && query.hasAddresses()) {
            keepAddresses(query);
        } else {
            end(query);
            fail(query.takeWaiting(), code == DnsCode.NO_ERROR ? DnsCode.HOST_NOT_FOUND : code);
        }
    }

    private void records(Query query, Part part, Records records) throws MalformedReply {
        if (records.addresses.isEmpty() && records.services.isEmpty() && records.alias == null) {
            throw new MalformedReply(
                    part.type.equals(DnsRecordType.SRV)
                            ? "no SRV type in DNS response"
                            : "no A or CNAME types in DNS response");
        }
        query.seconds = Math.min(query.seconds, records.seconds);
        part.addresses = records.addresses;
        part.answered = true;
        String alias = records.alias;
        if (!query.isAnswered()) {
            return;
        }
        if (query.hasAddresses()) {
            keepAddresses(query);
        } else if (!records.services.isEmpty()) {
            keep(query, new Known.Services(List.copyOf(records.services), validUntil(query)));
        } else if (alias != null) {
            end(query);
            cache.put(query.name, new Known.Alias(alias, validUntil(query)), loop.nanos());
            follow(alias, query.takeWaiting());
        }
    }

    private void keepAddresses(Query query) {
        keep(
                query,
                new Known.Addresses(
                        query.addresses(DnsRecordType.A), query.addresses(DnsRecordType.AAAA), validUntil(query)));
    }

    private void keep(Query query, Known known) {
        end(query);
        cache.put(query.name, known, loop.nanos());
        answer(query.takeWaiting(), known, true);
    }

    private long validUntil(Query query) {
        long millis = settings.validMillis() > 0 ? settings.validMillis() : query.seconds * 1000;
        return loop.nanos() + millis * 1_000_000;
    }
}
