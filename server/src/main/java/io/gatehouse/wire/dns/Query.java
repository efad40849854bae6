package io.gatehouse.wire.dns;

import io.gatehouse.wire.Deadline;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A name that is being asked for: with one question, or with one for each kind of address. On the resolver's loop only. */
final class Query {
    /** One question of it, and what became of that. */
    static final class Part {
        final DnsRecordType type;
        final int id;
        final byte[] question;
        /** Whether it is to be asked over TCP, its answer having been too large. */
        boolean tcp;

        boolean answered;
        List<InetAddress> addresses = List.of();

        Part(DnsRecordType type, int id, byte[] question) {
            this.type = type;
            this.id = id;
            this.question = question;
        }
    }

    final String name;
    final List<Part> parts;
    final Deadline resend;
    List<Waiter> waiting = new ArrayList<>();
    final List<UdpSocket> sockets = new ArrayList<>();

    /** Which name server is being asked. */
    int server;

    /** How many could not be asked since questions were last sent in due time. */
    int unreachable;

    /** The code of a part that failed while another was not answered yet. */
    int code;

    long seconds = Integer.MAX_VALUE;
    boolean over;

    Query(String name, List<Part> parts, Deadline resend) {
        this.name = name;
        this.parts = parts;
        this.resend = resend;
    }

    @Nullable
    Part part(DnsRecordType type) {
        for (Part part : parts) {
            if (part.type.equals(type)) {
                return part;
            }
        }
        return null;
    }

    boolean has(int id) {
        for (Part part : parts) {
            if (part.id == id) {
                return true;
            }
        }
        return false;
    }

    boolean isAnswered() {
        for (Part part : parts) {
            if (!part.answered) {
                return false;
            }
        }
        return true;
    }

    boolean hasAddresses() {
        for (Part part : parts) {
            if (!part.addresses.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    List<InetAddress> addresses(DnsRecordType type) {
        Part part = part(type);
        return part == null ? List.of() : part.addresses;
    }

    List<Waiter> takeWaiting() {
        List<Waiter> all = waiting;
        waiting = new ArrayList<>();
        return all;
    }
}
