package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A syslog server: messages of RFC 3164, {@code <PRI>Mon dd hh:mm:ss host tag: message}, one a datagram, sent by a thread
 * of its own.
 *
 * <p>What cannot be sent is counted and not tried again. The socket is connected with the first message, and anew after
 * an error.
 */
public final class Syslog implements ErrorLog.Target {
    private static final int QUEUE_BYTES = 4 * 1024 * 1024;
    private static final int CHUNK = 16 * 1024;
    /** Before each message in the queue stands its length. */
    private static final int PREFIX = 4;

    private static final long BETWEEN_TROUBLES_MILLIS = 60_000;

    /** Makes the socket. */
    interface Connecting {
        DatagramTarget connect() throws IOException;
    }

    private final SyslogSpec spec;
    private final Connecting connecting;
    private final Logs logs;
    private final byte[] afterTime;
    private final ByteQueue queue = new ByteQueue(CHUNK, QUEUE_BYTES);
    private final Courier courier;
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean closing;
    private volatile boolean closed;

    // Guarded by the logs.
    int users;

    // The courier's.
    private @Nullable DatagramTarget socket;
    private long lastTrouble = Long.MIN_VALUE;

    Syslog(SyslogSpec spec, Connecting connecting, Logs logs, String hostname) {
        this.spec = spec;
        this.connecting = connecting;
        this.logs = logs;
        afterTime = (spec.nohostname() ? " " + spec.tag() + ": " : " " + hostname + " " + spec.tag() + ": ")
                .getBytes(ISO_8859_1);
        courier = new Courier(
                "syslog " + spec.server().text(), new Sending(), logs.files().starter());
    }

    public SyslogSpec spec() {
        return spec;
    }

    /** A line of an error log, with its level as the severity. */
    @Override
    public void write(Level level, byte[] line, int length) {
        send(level, line, 0, length > 0 && line[length - 1] == '\n' ? length - 1 : length);
    }

    /** A line of an access log without its line feed, with the severity that is configured; any thread, never waits. */
    public void write(byte[] line, int offset, int length) {
        send(spec.severity(), line, offset, length);
    }

    private void send(Level severity, byte[] line, int offset, int length) {
        if (closed) {
            failed.incrementAndGet();
            return;
        }
        byte[] start = ("<" + (spec.facility() * 8 + severity.severity()) + ">").getBytes(ISO_8859_1);
        byte[] time = logs.now().syslogBytes();
        int size = start.length + time.length + afterTime.length + length;
        ByteBuffer record = ByteBuffer.allocate(PREFIX + size);
        record.putInt(size).put(start).put(time).put(afterTime).put(line, offset, length);
        int told = queue.offer(record.array(), 0, record.position());
        if (told > 0 && (told & ByteQueue.CROWDED) != 0) {
            courier.hurry();
        } else {
            courier.wake();
        }
    }

    /** Messages that could not be sent. */
    public long failed() {
        return failed.get();
    }

    /** Messages that found no room, because they came faster than they could be sent. */
    public long dropped() {
        return queue.dropped();
    }

    ByteQueue.Mark seal() {
        return queue.seal();
    }

    Courier courier() {
        return courier;
    }

    boolean await(ByteQueue.Mark mark, long nanos) throws InterruptedException {
        return courier.await(() -> closed || mark.passed(), nanos);
    }

    void close() {
        closing = true;
        courier.hurry();
    }

    private final class Sending implements Courier.Round {
        @Override
        public long carry() {
            boolean carried = false;
            do {
                ByteBuffer records = queue.take(false);
                if (records == null) {
                    break;
                }
                while (records.hasRemaining()) {
                    int size = records.getInt();
                    send(records.slice(records.position(), size));
                    records.position(records.position() + size);
                }
                queue.consumed(records.position());
                carried = true;
            } while (queue.waiting(true));
            if (closing && !closed && !queue.waiting(false)) {
                closed = true;
                disconnect();
                logs.closed(Syslog.this);
            }
            return carried ? Courier.REST : 0;
        }

        /** Twice: what a socket throws first may be the answer to an earlier datagram. */
        private void send(ByteBuffer message) {
            IOException first = attempt(message);
            if (first != null && attempt(message.rewind()) != null) {
                failed.incrementAndGet();
                tell(first);
            }
        }

        private @Nullable IOException attempt(ByteBuffer message) {
            try {
                DatagramTarget to = socket;
                if (to == null) {
                    to = connecting.connect();
                    socket = to;
                }
                to.send(message);
                return null;
            } catch (IOException e) {
                disconnect();
                return e;
            }
        }

        private void disconnect() {
            DatagramTarget old = socket;
            socket = null;
            if (old != null) {
                try {
                    old.close();
                } catch (IOException e) {
                    // Nothing waits in a datagram socket.
                }
            }
        }

        private void tell(IOException e) {
            long now = logs.clock().wallMillis();
            if (lastTrouble == Long.MIN_VALUE || now - lastTrouble >= BETWEEN_TROUBLES_MILLIS) {
                lastTrouble = now;
                boolean _ = logs.files()
                        .tell(
                                Level.ERROR,
                                "send() failed " + SystemError.of(e) + " while logging to syslog, server: "
                                        + spec.server().text());
            }
        }

        @Override
        public boolean waiting() {
            return queue.waiting(false) || (closing && !closed);
        }

        @Override
        public boolean isOver() {
            return closed;
        }

        @Override
        public long due() {
            return Long.MAX_VALUE;
        }
    }
}
