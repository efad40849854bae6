package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The latest lines in a ring of memory ({@code error_log memory:SIZE}), to be read with a debugger or by whoever shows
 * it.
 *
 * <p>Without locks: lines that are written at the same moment as the ring comes round may mix.
 */
public final class MemoryLog implements ErrorLog.Target {
    private final byte[] ring;
    private final AtomicLong written = new AtomicLong();

    MemoryLog(int bytes) {
        ring = new byte[bytes];
    }

    @Override
    public void write(Level level, byte[] line, int length) {
        int kept = Math.min(length, ring.length);
        int at = (int) (written.getAndAdd(kept) % ring.length);
        int first = Math.min(kept, ring.length - at);
        System.arraycopy(line, 0, ring, at, first);
        System.arraycopy(line, first, ring, 0, kept - first);
    }

    /** What is kept, the oldest first, an octet string; it may begin within a line. */
    public String contents() {
        long all = written.get();
        if (all <= ring.length) {
            return new String(ring, 0, (int) all, ISO_8859_1);
        }
        int at = (int) (all % ring.length);
        return new String(ring, at, ring.length - at, ISO_8859_1) + new String(ring, 0, at, ISO_8859_1);
    }
}
