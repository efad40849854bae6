package io.gatehouse.protocol;

import io.gatehouse.observe.status.ConnectionCounts;
import io.gatehouse.phase.Pipeline;
import io.gatehouse.wire.Loop;
import org.jspecify.annotations.Nullable;

/**
 * The connections that one loop serves for one generation of the configuration, and what they share. On its loop only, but
 * for the constructor.
 */
public final class ServedConnections {
    public final Loop loop;
    public final Pipeline pipeline;
    public final ConnectionCounts counts;
    private final Runnable whenEmpty;
    private @Nullable ServedConnection first;
    private int size;
    private boolean draining;
    private boolean emptyTold;

    /** @param whenEmpty told once, on the loop, when after {@link #drain} the last connection has gone */
    public ServedConnections(Loop loop, Pipeline pipeline, Runnable whenEmpty) {
        this.loop = loop;
        this.pipeline = pipeline;
        this.counts = ConnectionCounts.of(loop);
        this.whenEmpty = whenEmpty;
    }

    /** A connection was accepted. */
    public void add(ServedConnection connection) {
        counts.up(ConnectionCounts.ACCEPTED);
        counts.up(ConnectionCounts.HANDLED);
        counts.up(ConnectionCounts.ACTIVE);
        size++;
        link(connection);
    }

    /** The connection has closed. */
    public void gone(ServedConnection connection) {
        unlink(connection);
        size--;
        counts.down(ConnectionCounts.ACTIVE);
        tellIfEmpty();
    }

    /** What served the connection so far has done its part; {@code next} goes on with it. */
    public void pass(ServedConnection from, ServedConnection next) {
        unlink(from);
        link(next);
    }

    private void link(ServedConnection connection) {
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        }
        first = connection;
    }

    private void unlink(ServedConnection connection) {
        ServedConnection before = connection.previous;
        ServedConnection behind = connection.next;
        if (before == null) {
            first = behind;
        } else {
            before.next = behind;
        }
        if (behind != null) {
            behind.previous = before;
        }
        connection.previous = null;
        connection.next = null;
    }

    /** How many there are, tunnels included. */
    public int size() {
        return size;
    }

    public boolean isDraining() {
        return draining;
    }

    /** Closes idle connections now and lets the others end with the answer they are at. */
    public void drain() {
        draining = true;
        ServedConnection next;
        for (ServedConnection c = first; c != null; c = next) {
            next = c.next;
            c.drain();
        }
        tellIfEmpty();
    }

    /** Closes every connection, whatever it is at. */
    public void closeAll() {
        draining = true;
        ServedConnection next;
        for (ServedConnection c = first; c != null; c = next) {
            next = c.next;
            c.cut();
        }
        tellIfEmpty();
    }

    private void tellIfEmpty() {
        if (draining && size == 0 && !emptyTold) {
            emptyTold = true;
            whenEmpty.run();
        }
    }
}
