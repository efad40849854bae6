package io.gatehouse.wire;

import io.netty.channel.IoRegistration;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One loop's accepting from one socket. On the loop. */
abstract class Listening {
    /** nginx waits as long before it accepts again after it ran out of descriptors. */
    private static final long PAUSE_MILLIS = 500;

    private static final int MOST_AT_ONCE = 64;

    final SocketLoop loop;
    final ListenSocket socket;
    final Acceptor acceptor;
    /** Of the listening socket with the loop, while it waits. */
    @Nullable
    IoRegistration registration;

    private final Deadline again;
    private boolean active;
    private boolean stopped;
    private int atOnce = 1;
    private int lastTurn;

    Listening(SocketLoop loop, ListenSocket socket, Acceptor acceptor) {
        this.loop = loop;
        this.socket = socket;
        this.acceptor = acceptor;
        this.again = loop.deadline(this::start);
    }

    /** Begins to wait for connections: {@link #registration} is there afterwards. */
    abstract void register() throws IOException;

    /** Gives an accepted connection away. */
    final void give(SocketWire wire) {
        try {
            wire.sink(acceptor.accepted(wire, socket));
        } catch (Throwable e) {
            loop.fault(wire, e);
        }
    }

    /** Accepts one connection and gives it away; false if none waits. */
    abstract boolean acceptOne() throws IOException;

    /** Whether waiting begins anew after each connection, for the sake of the other loops. */
    boolean linesUpAgain() {
        return socket.isShared();
    }

    final void start() {
        if (active || stopped) {
            return;
        }
        try {
            register();
            active = true;
        } catch (IOException e) {
            pause(e);
        }
    }

    final void stop() {
        stopped = true;
        again.clear();
        end();
    }

    private void end() {
        if (active) {
            active = false;
            if (registration != null) {
                registration.cancel();
                registration = null;
            }
        }
    }

    /**
     * Connections wait. One is taken, as every further one is another event that another loop may take; when events
     * come in every turn there is a crowd, and more are taken at once.
     */
    final void event() {
        atOnce = loop.turn() == lastTurn + 1 ? Math.min(atOnce * 2, MOST_AT_ONCE) : 1;
        lastTurn = loop.turn();
        try {
            for (int i = 0; i < atOnce && active; i++) {
                if (!acceptOne()) {
                    atOnce = 1;
                    break;
                }
            }
        } catch (IOException e) {
            if (Errno.number(e) != Errno.ECONNABORTED) {
                pause(e);
            }
            return;
        }
        if (active && linesUpAgain()) {
            // The kernel wakes who registered first: line up again, so that every loop gets its turn.
            end();
            start();
        }
    }

    private void pause(IOException cause) {
        loop.report().acceptFailed(socket, cause);
        end();
        again.in(PAUSE_MILLIS);
    }
}
