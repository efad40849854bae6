package io.gatehouse.observe.status;

import io.gatehouse.wire.Loop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * How many client connections one loop has and had, as {@code stub_status} tells them. Written by its loop only, without
 * locks; read by everybody. A sum over the loops is as exact as a picture of something that moves.
 */
public final class ConnectionCounts {
    private static final Map<Loop, ConnectionCounts> ALL = new WeakHashMap<>();
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

    /** Connections accepted. */
    public static final int ACCEPTED = 0;
    /** Connections that were served: all that were accepted, unless there was no room. */
    public static final int HANDLED = 1;
    /** Requests whose first byte was read. */
    public static final int REQUESTS = 2;
    /** Connections open now. */
    public static final int ACTIVE = 3;
    /** Connections on which a head is being read. */
    public static final int READING = 4;
    /** Connections on which a request is being answered. */
    public static final int WRITING = 5;
    /** Connections that wait for a request. */
    public static final int WAITING = 6;

    private static final int COUNT = 7;

    private final long[] values = new long[COUNT];

    private ConnectionCounts() {}

    /** Those of one loop, whatever configurations come and go; from any thread. */
    public static ConnectionCounts of(Loop loop) {
        synchronized (ALL) {
            return ALL.computeIfAbsent(loop, any -> new ConnectionCounts());
        }
    }

    /** The sum over all loops; from any thread. */
    public static long total(int which) {
        long sum = 0;
        synchronized (ALL) {
            for (ConnectionCounts counts : ALL.values()) {
                sum += (long) VALUES.getOpaque(counts.values, which);
            }
        }
        return sum;
    }

    /** One more; on its loop. */
    public void up(int which) {
        VALUES.setOpaque(values, which, values[which] + 1);
    }

    /** One less; on its loop. */
    public void down(int which) {
        VALUES.setOpaque(values, which, values[which] - 1);
    }
}
