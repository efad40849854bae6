package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.TempFile;
import io.gatehouse.observe.log.Level;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;

/** A copy of an answer's body on its way into a file ({@code proxy_store}). */
final class StoredAnswer implements TempFile.Watcher {
    private final Exchange x;
    private final ProxySettings settings;
    private final TempFile file;
    private final String target;
    private final long modified;
    private boolean complete;
    private boolean over;

    StoredAnswer(Exchange x, ProxySettings settings) {
        this.x = x;
        this.settings = settings;
        this.file = new TempFile(x.loop, settings.tempPath, this);
        this.target = settings.store.target(x);
        String date = x.response.lastModifiedText;
        this.modified = date == null ? -1 : HttpDates.parse(date);
        file.open();
    }

    void append(ByteBuf owned) {
        file.append(owned);
    }

    /** The answer is complete: the file goes to its place once it is written. */
    void complete() {
        complete = true;
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
        Path path = same.path();
        if (!complete || over || path == null || same.written() < same.appended()) {
            return;
        }
        over = true;
        if (target.isEmpty()) {
            same.close(true);
            return;
        }
        Path to = FilePaths.path(target);
        same.closeThen(() -> {
            try {
                settings.store.move(path, to, modified);
            } catch (IOException e) {
                x.loop.execute(
                        () -> x.log(Level.CRIT, "rename() \"" + path + "\" to \"" + target + "\" failed (" + e + ")"));
            }
        });
    }

    @Override
    public void failed(TempFile same, IOException cause) {
        x.log(Level.CRIT, "write() \"" + settings.tempPath + "\" failed (" + cause.getMessage() + ")");
        drop();
    }
}
