package io.gatehouse.exchange;

import io.gatehouse.observe.log.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** From URIs to paths of files, by {@code root} and {@code alias}. Paths are octet strings, as the file system has bytes. */
public final class FilePaths {
    /** Set where the URI, found by {@code try_files}, stands behind the alias of a regex location. */
    public static final AttachmentKey<Boolean> BEHIND_ALIAS = AttachmentKey.of(Boolean.class);

    private FilePaths() {}

    /** The path of the file that {@code uri} names in the exchange's location. Null, and a line in the log, if it names none. */
    public static @Nullable String of(Exchange exchange, String uri) {
        CoreSettings core = exchange.location.core;
        if (core.alias() == null) {
            return folder(exchange) + uri;
        }
        if (!isMapped(exchange)) {
            return null;
        }
        if (core.aliased() >= 0) {
            return folder(exchange) + uri.substring(Math.min(core.aliased(), uri.length()));
        }
        // in a regex location the alias is the whole path, made of its groups
        return exchange.attachments.get(BEHIND_ALIAS) == null ? folder(exchange) : folder(exchange) + uri;
    }

    /**
     * Whether URIs name files in the exchange's location. An alias takes the place of what the location matched: it can do so no
     * more, and the log says so, where the URI was rewritten and stayed ({@code break}).
     */
    public static boolean isMapped(Exchange exchange) {
        if (exchange.location.core.alias() == null || !exchange.uriLeftLocation) {
            return true;
        }
        exchange.log(
                Level.ALERT,
                "\"alias\" cannot be used in location \"" + exchange.location.name + "\" where URI was rewritten");
        return false;
    }

    /** {@code $document_root}: what {@code root} or {@code alias} says, made absolute. */
    public static String folder(Exchange exchange) {
        CoreSettings core = exchange.location.core;
        Template set = core.alias() != null ? core.alias() : core.root();
        return set == null ? absolute(exchange, "html") : absolute(exchange, set.eval(exchange));
    }

    private static String absolute(Exchange exchange, String path) {
        return path.startsWith("/") ? path : octets(exchange.location.core.prefix()) + "/" + path;
    }

    private static String octets(Path path) {
        return new String(path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The path of an octet string. */
    public static Path path(String octets) {
        return Path.of(new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }
}
