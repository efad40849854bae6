package io.gatehouse.module.proxy;

import io.gatehouse.protocol.http1.UpstreamHead;
import io.gatehouse.text.Octets;
import io.gatehouse.upstream.Selection;
import io.gatehouse.upstream.UpstreamPool;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Loop;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one passage needs and the next one can use again: a deadline, a choice of peers, room for a head. One loop's. */
final class ProxyGear {
    private static final int MOST_SPARE = 1024;
    private static final byte[] NONE = {};
    private static final int LEAST_ROOM = 1024;
    /** Room that is kept for the next answer. */
    private static final int KEPT_ROOM = 8192;

    /** The spare ones of a loop, and its connections. */
    static final class Rack {
        final UpstreamPool pool;
        /** Where heads are written before they are sent. */
        final Octets scratch = new Octets(4096);

        private final Loop loop;
        private final ArrayDeque<ProxyGear> spare = new ArrayDeque<>();

        Rack(Loop loop, UpstreamPool pool) {
            this.loop = loop;
            this.pool = pool;
        }

        Loop loop() {
            return loop;
        }

        ProxyGear take() {
            ProxyGear gear = spare.pollLast();
            return gear == null ? new ProxyGear(this) : gear;
        }

        private void putBack(ProxyGear gear) {
            if (spare.size() < MOST_SPARE) {
                spare.addLast(gear);
            }
        }
    }

    final Rack rack;
    final Deadline deadline;
    final Selection selection = new Selection();
    final UpstreamHead head = new UpstreamHead();
    /** The head as it arrives; its fields are slices of this. */
    private byte[] bytes = NONE;

    private @Nullable Conversation owner;

    private ProxyGear(Rack rack) {
        this.rack = rack;
        this.deadline = rack.loop.deadline(this::expire);
    }

    private void expire() {
        Conversation talk = owner;
        if (talk != null) {
            talk.expired();
        }
    }

    /** Whose it is, and who hears of the deadline. */
    void give(Conversation talk) {
        owner = talk;
    }

    /** Makes room for {@code length} bytes in all. */
    byte[] room(int length) {
        if (bytes.length < length) {
            bytes = Arrays.copyOf(bytes, Math.max(LEAST_ROOM, Math.max(length, bytes.length * 2)));
        }
        return bytes;
    }

    /** Keeps what was read for as long as a tunnel lasts, and nothing beside it. */
    void compact() {
        head.compact();
        bytes = NONE;
    }

    /** Nobody needs it any more; nothing of it may be used afterwards. */
    void putBack() {
        deadline.clear();
        owner = null;
        head.reset();
        if (bytes.length > KEPT_ROOM) {
            bytes = NONE;
        }
        rack.putBack(this);
    }
}
