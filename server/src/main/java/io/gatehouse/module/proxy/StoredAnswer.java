package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.TempFile;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A copy of an answer's body on its way into a file ({@code proxy_store}). */
final class StoredAnswer implements TempFile.Watcher {
    private final Exchange x;
    private final ProxySettings settings;
    private final TempFile file;
    private final String target;
    private final long modified;
    private final long length;
    private @Nullable Runnable next;
    private boolean over;

    /** @param length what the answer says of its length, -1 for nothing */
    StoredAnswer(Exchange x, ProxySettings settings, long length) {
        this.x = x;
        this.settings = settings;
        this.length = length;
        this.file = new TempFile(x.loop, settings.tempPath, this);
        this.target = settings.store.target(x);
        String date = x.response.lastModifiedText;
        this.modified = date == null ? -1 : HttpDates.parse(date);
        file.open();
    }

    void append(ByteBuf owned) {
        file.append(owned);
    }

    /** The answer is complete: the file goes to its place once it is written, and then the task runs. */
    void complete(Runnable task) {
        if (over) {
            task.run();
            return;
        }
        next = task;
        written(file);
    }

    void drop() {
        if (!over) {
            over = true;
            file.close(true);
        }
    }

    @Override
    public void written(TempFile same) {
        Runnable task = next;
        Path path = same.path();
        if (task == null || over || path == null || same.written() < same.appended()) {
            return;
        }
        if (target.isEmpty() || length >= 0 && length != same.written()) {
            drop();
            task.run();
            return;
        }
        over = true;
        Path to = FilePaths.path(target);
        same.closeThen(() -> {
            IOException failure = null;
            try {
                if (target.endsWith("/")) {
                    throw new FileSystemException(target, null, "Is a directory");
                }
                settings.store.move(path, to, modified);
            } catch (IOException e) {
                failure = e;
                // that it cannot be stored is told; that it cannot even be thrown away follows from it
                boolean _ = path.toFile().delete();
            }
            IOException cause = failure;
            x.loop.execute(() -> {
                if (cause != null) {
                    x.log(
                            Level.CRIT,
                            "rename() \"" + path + "\" to \"" + target + "\" failed (" + Errno.text(cause) + ")");
                }
                task.run();
            });
        });
    }

    @Override
    public void failed(TempFile same, IOException cause) {
        x.log(Level.CRIT, "write() \"" + settings.tempPath + "\" failed (" + cause.getMessage() + ")");
        Runnable task = next;
        drop();
        if (task != null) {
            task.run();
        }
    }
}
