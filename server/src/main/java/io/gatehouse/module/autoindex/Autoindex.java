package io.gatehouse.module.autoindex;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.autoindex.AutoindexModule.Format;
import io.gatehouse.observe.log.Level;
import io.gatehouse.text.Ascii;
import io.gatehouse.wire.Errno;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers with a list of the folder that the URI names. The folder is read on the loop, as nginx does it. */
record Autoindex(Format format, boolean exactSizes, boolean localTime, Template callbackArgument) implements Handler {
    private static final int LONGEST_CALLBACK = 128;

    @Override
    public Outcome handle(Exchange x) {
        if (!x.uri.endsWith("/") || !x.method.equals("GET") && !x.isHead()) {
            return Outcome.NEXT;
        }
        int refused = x.body.discard();
        if (refused != 0) {
            return Outcome.status(refused);
        }
        String folder = FilePaths.of(x, x.uri);
        if (folder == null) {
            return Outcome.status(500);
        }
        if (folder.length() > 1 && folder.endsWith("/")) {
            folder = folder.substring(0, folder.length() - 1);
        }
        String callback = "";
        if (format == Format.JSONP) {
            callback = callbackArgument.eval(x);
            if (!isName(x, callback)) {
                return Outcome.status(400);
            }
        }
        List<Entry> entries;
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(FilePaths.path(folder))) {
            entries = read(x, stream);
        } catch (DirectoryIteratorException e) {
            return refuse(x, "readdir", folder, Objects.requireNonNull(e.getCause()));
        } catch (InvalidPathException e) {
            return refuse(x, "opendir", folder, new NoSuchFileException(folder));
        } catch (IOException e) {
            return refuse(x, "opendir", folder, e);
        }
        entries.sort(Entry.ORDER);
        answer(x, entries, callback);
        return Outcome.DONE;
    }

    private static List<Entry> read(Exchange x, DirectoryStream<Path> stream) {
        List<Entry> entries = new ArrayList<>();
        for (Path path : stream) {
            String name = Exchange.octets(String.valueOf(path.getFileName()));
            if (!name.startsWith(".")) {
                Entry entry = look(x, path, name);
                if (entry != null) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    private static @Nullable Entry look(Exchange x, Path path, String name) {
        try {
            BasicFileAttributes attributes;
            try {
                attributes = Files.readAttributes(path, BasicFileAttributes.class);
            } catch (IOException e) {
                int number = Errno.number(e);
                if (number != Errno.ENOENT && number != Errno.ELOOP) {
                    throw e;
                }
                // a link that leads nowhere is listed as itself
                attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            }
            return new Entry(
                    name,
                    attributes.isDirectory(),
                    attributes.isRegularFile(),
                    attributes.size(),
                    Math.floorDiv(attributes.lastModifiedTime().toMillis(), 1000));
        } catch (IOException e) {
            x.log(Level.CRIT, "stat() \"" + Exchange.octets(path.toString()) + "\" failed (" + Errno.text(e) + ")");
            return null;
        }
    }

    private void answer(Exchange x, List<Entry> entries, String callback) {
        x.response.status = 200;
        switch (format) {
            case HTML -> x.response.contentType = "text/html";
            case XML -> {
                x.response.contentType = "text/xml";
                x.response.charset = "utf-8";
            }
            case JSON -> x.response.contentType = "application/json";
            case JSONP -> x.response.contentType = callback.isEmpty() ? "application/json" : "application/javascript";
        }
        if (!x.sendHead()) {
            return;
        }
        if (!x.response.headerOnly) {
            byte[] text = listing(x, callback).write(entries).getBytes(StandardCharsets.ISO_8859_1);
            ByteBuf buffer = x.loop.buffer(text.length);
            x.send(buffer.writeBytes(text));
        }
        x.end();
    }

    private Listing listing(Exchange x, String callback) {
        return switch (format) {
            case HTML -> new HtmlListing(x.uri, exactSizes, offset(x), isUtf8(x));
            case XML -> new XmlListing();
            case JSON, JSONP -> new JsonListing(callback);
        };
    }

    /** The offset in force now, also for files of the other half of the year, as in nginx. */
    private ZoneOffset offset(Exchange x) {
        return localTime
                ? ZoneId.systemDefault().getRules().getOffset(Instant.ofEpochMilli(x.loop.wallMillis()))
                : ZoneOffset.UTC;
    }

    private static boolean isUtf8(Exchange x) {
        String type = x.response.contentType;
        return "utf-8".equalsIgnoreCase(x.response.charset)
                || type != null && type.toLowerCase(Locale.ROOT).endsWith("charset=utf-8");
    }

    private static boolean isName(Exchange x, String callback) {
        if (callback.length() > LONGEST_CALLBACK) {
            x.log(Level.INFO, "client sent too long callback name: \"" + callback + "\"");
            return false;
        }
        for (int i = 0; i < callback.length(); i++) {
            char c = callback.charAt(i);
            if (!Ascii.isLetter(c) && !Ascii.isDigit(c) && c != '_' && c != '.') {
                x.log(Level.INFO, "client sent invalid callback name: \"" + callback + "\"");
                return false;
            }
        }
        return true;
    }

    private static Outcome refuse(Exchange x, String call, String folder, IOException e) {
        int number = e instanceof NotDirectoryException ? Errno.ENOTDIR : Errno.number(e);
        int status = switch (number) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ENAMETOOLONG -> 404;
            case Errno.EACCES -> 403;
            default -> 500;
        };
        String words = number == 0 ? String.valueOf(e.getMessage()) : Errno.text(number);
        x.log(status == 500 ? Level.CRIT : Level.ERROR, call + "() \"" + folder + "\" failed (" + words + ")");
        return Outcome.status(status);
    }
}
