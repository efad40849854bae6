package io.gatehouse.exchange;

import io.gatehouse.observe.log.Level;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body whole: into memory up to {@code client_body_buffer_size}, else into a temporary file. One object for
 * one body; on the exchange's loop.
 */
public final class BodyStore implements RequestBody.Receiver, TempFile.Watcher {
    /** More than this waiting for the disk holds the client back. */
    private static final long MOST_WAITING = 1 << 20;

    /** Hears that the body is there. */
    public interface Next {
        /** {@link Exchange#storedBody} is the whole body. */
        void bodyStored(Exchange x);

        /** It cannot be had; the status is that of {@link RequestBody.Receiver#onBodyFailed}, or 500. */
        void bodyFailed(Exchange x, int status);
    }

    private final Exchange x;
    private final Next next;
    private final int memoryLimit;
    private @Nullable ByteBuf memory;
    private @Nullable TempFile file;
    private boolean ended;
    private boolean over;
    private boolean held;

    private BodyStore(Exchange x, Next next) {
        this.x = x;
        this.next = next;
        this.memoryLimit = x.location.core.clientBodyBufferSize();
    }

    /** Reads the body of {@code x} and then calls {@code next}, perhaps within this call. */
    public static void read(Exchange x, Next next) {
        if (x.storedBody == null && x.main().storedBody != null) {
            x.storedBody = x.main().storedBody;
        }
        if (x.storedBody != null) {
            next.bodyStored(x);
            return;
        }
        boolean inFile = x.location.core.clientBodyInFileOnly() != CoreSettings.BodyInFile.OFF;
        if (x.body.isStarted() || x.body.length() == 0 && !inFile && !x.request.has(FieldName.EXPECT)) {
            x.storedBody = StoredBody.EMPTY;
            next.bodyStored(x);
            return;
        }
        BodyStore store = new BodyStore(x, next);
        x.whenDone(store::discard);
        if (inFile || x.body.length() > store.memoryLimit) {
            store.useFile();
        }
        x.body.read(store);
    }

    private TempFile useFile() {
        TempFile made = new TempFile(x.loop, x.location.core.clientBodyTempPath(), this);
        file = made;
        ByteBuf begun = memory;
        if (begun != null) {
            memory = null;
            made.append(begun);
        } else {
            made.open();
        }
        return made;
    }

    @Override
    public void onBody(Exchange exchange, ByteBuf borrowed) {
        int length = borrowed.readableBytes();
        TempFile spill = file;
        if (spill == null) {
            ByteBuf begun = memory;
            if ((begun == null ? 0 : begun.readableBytes()) + (long) length <= memoryLimit) {
                if (begun == null) {
                    long known = x.body.length();
                    begun = x.loop.buffer((int) Math.max(length, Math.min(known < 0 ? 4096 : known, memoryLimit)));
                    memory = begun;
                }
                begun.writeBytes(borrowed);
                return;
            }
            spill = useFile();
        }
        spill.append(borrowed.readRetainedSlice(length));
        if (!held && spill.appended() - spill.written() > MOST_WAITING) {
            held = true;
            x.body.demand(false);
        }
    }

    @Override
    public void onBodyEnd(Exchange exchange) {
        ended = true;
        TempFile spilled = file;
        if (spilled != null) {
            complete(spilled);
            return;
        }
        ByteBuf whole = memory;
        memory = null;
        long length = whole == null ? 0 : whole.readableBytes();
        finish(whole == null ? StoredBody.EMPTY : new StoredBody(whole, null, null, length, false));
    }

    private void complete(TempFile spilled) {
        FileChannel channel = spilled.channel();
        if (!ended || over || channel == null || spilled.written() < spilled.appended()) {
            return;
        }
        Path path = spilled.path();
        x.log(Level.WARN, "a client request body is buffered to a temporary file " + path);
        boolean keep = x.location.core.clientBodyInFileOnly() == CoreSettings.BodyInFile.ON;
        long length = spilled.written();
        spilled.detach();
        file = null;
        finish(new StoredBody(null, channel, path, length, keep));
    }

    private void finish(StoredBody stored) {
        over = true;
        x.storedBody = stored;
        next.bodyStored(x);
    }

    @Override
    public void onBodyFailed(Exchange exchange, int status) {
        fail(status);
    }

    @Override
    public void written(TempFile spilled) {
        if (held && spilled.appended() - spilled.written() <= MOST_WAITING / 2) {
            held = false;
            x.body.demand(true);
        }
        complete(spilled);
    }

    @Override
    public void failed(TempFile spilled, IOException cause) {
        x.log(
                Level.CRIT,
                "open() or write() of a temporary file in \"" + x.location.core.clientBodyTempPath() + "\" failed ("
                        + cause.getMessage() + ")");
        x.body.discard();
        fail(500);
    }

    private void fail(int status) {
        if (!over) {
            over = true;
            discard();
            next.bodyFailed(x, status);
        }
    }

    private void discard() {
        over = true;
        ByteBuf begun = memory;
        memory = null;
        if (begun != null) {
            begun.release();
        }
        TempFile spilled = file;
        file = null;
        if (spilled != null) {
            spilled.close(true);
        }
    }
}
