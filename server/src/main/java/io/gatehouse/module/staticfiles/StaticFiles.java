package io.gatehouse.module.staticfiles;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.files.FileBody;
import io.gatehouse.files.FileFacts;
import io.gatehouse.files.OpenFile;
import io.gatehouse.files.ServedFiles;
import io.gatehouse.observe.log.Level;
import io.gatehouse.text.UriText;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import java.nio.channels.FileChannel;

/** Answers with the file that the URI names. */
final class StaticFiles implements Handler {
    @Override
    public Outcome handle(Exchange x) {
        boolean post = x.method.equals("POST");
        if (!post && !x.method.equals("GET") && !x.isHead()) {
            return Outcome.status(405);
        }
        if (x.uri.endsWith("/")) {
            return Outcome.NEXT;
        }
        String path = FilePaths.of(x, x.uri);
        if (path == null) {
            return Outcome.status(500);
        }
        OpenFile file;
        try {
            file = ServedFiles.open(x, path);
        } catch (ErrnoException e) {
            return refuse(x, path, e);
        }
        FileFacts facts = file.facts();
        if (facts.isDirectory()) {
            return toFolder(x);
        }
        FileChannel channel = file.channel();
        if (channel == null) {
            x.log(Level.CRIT, "\"" + path + "\" is not a regular file");
            return Outcome.status(404);
        }
        x.whenDone(file::close);
        if (post) {
            return Outcome.status(405);
        }
        int refused = x.body.discard();
        if (refused != 0) {
            return Outcome.status(refused);
        }
        x.action = "sending response to client";
        if (FileBody.sendHead(x, facts)) {
            FileBody.send(x, channel, facts.size());
        }
        return Outcome.DONE;
    }

    private static Outcome refuse(Exchange x, String path, ErrnoException e) {
        Level level = Level.ERROR;
        int status;
        switch (e.number()) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ENAMETOOLONG -> status = 404;
            case Errno.EACCES, Errno.ELOOP -> status = 403;
            default -> {
                level = Level.CRIT;
                status = 500;
            }
        }
        if (status != 404 || x.location.core.logNotFound()) {
            x.log(level, e.call() + "() \"" + path + "\" failed (" + e.getMessage() + ")");
        }
        return Outcome.status(status);
    }

    private static Outcome toFolder(Exchange x) {
        String target = UriText.escape(x.uri, UriText.Part.URI) + "/";
        x.response.headers.set(FieldName.LOCATION, x.args.isEmpty() ? target : target + "?" + x.args);
        return Outcome.status(301);
    }
}
