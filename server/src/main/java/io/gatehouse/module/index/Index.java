package io.gatehouse.module.index;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.files.ServedFiles;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import org.jspecify.annotations.Nullable;

/** Goes on with the first file of the list that is in the folder. */
record Index(Template[] names) implements Handler {
    @Override
    public Outcome handle(Exchange x) {
        if (!x.uri.endsWith("/") || !x.method.equals("GET") && !x.isHead() && !x.method.equals("POST")) {
            return Outcome.NEXT;
        }
        String folder = null;
        boolean folderSeen = false;
        for (Template template : names) {
            String name = template.eval(x);
            if (name.startsWith("/")) {
                return Outcome.uri(name, x.args);
            }
            if (folder == null) {
                folder = FilePaths.of(x, x.uri);
                if (folder == null) {
                    return Outcome.status(500);
                }
            }
            String path = folder + name;
            try {
                ServedFiles.look(x, path);
            } catch (ErrnoException e) {
                Outcome refused = refuse(x, folder, path, e, folderSeen);
                if (refused != null) {
                    return refused;
                }
                folderSeen = true;
                continue;
            }
            return Outcome.uri(x.uri + name, x.args);
        }
        return Outcome.NEXT;
    }

    /** What a file that is not there leads to; null to look for the next one. */
    private static @Nullable Outcome refuse(
            Exchange x, String folder, String path, ErrnoException e, boolean folderSeen) {
        switch (e.number()) {
            case Errno.ELOOP -> {
                return Outcome.status(403);
            }
            case Errno.ENOTDIR, Errno.ENAMETOOLONG, Errno.EACCES -> {
                return missing(x, path, e);
            }
            default -> {}
        }
        Outcome noFolder = folderSeen ? null : lookAtFolder(x, folder, path);
        if (noFolder != null) {
            return noFolder;
        }
        if (e.number() == Errno.ENOENT) {
            return null;
        }
        return failed(x, path, e);
    }

    private static @Nullable Outcome lookAtFolder(Exchange x, String folder, String path) {
        String name = folder.length() > 1 && folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
        try {
            if (ServedFiles.look(x, name).isDirectory()) {
                return null;
            }
        } catch (ErrnoException e) {
            return switch (e.number()) {
                case Errno.ELOOP -> Outcome.status(403);
                case Errno.ENOENT -> missing(x, path, e);
                // the first file was looked for in it, so it may be searched
                case Errno.EACCES -> null;
                default -> failed(x, name, e);
            };
        }
        x.log(Level.ALERT, "\"" + path + "\" is not a directory");
        return Outcome.status(500);
    }

    private static Outcome missing(Exchange x, String path, ErrnoException e) {
        if (e.number() == Errno.EACCES) {
            x.log(Level.ERROR, "\"" + path + "\" is forbidden (" + e.getMessage() + ")");
            return Outcome.status(403);
        }
        if (x.location.core.logNotFound()) {
            x.log(Level.ERROR, "\"" + path + "\" is not found (" + e.getMessage() + ")");
        }
        return Outcome.status(404);
    }

    private static Outcome failed(Exchange x, String path, ErrnoException e) {
        x.log(Level.CRIT, e.call() + "() \"" + path + "\" failed (" + e.getMessage() + ")");
        return Outcome.status(500);
    }
}
