package io.gatehouse.exchange;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** From URIs to paths of files, by {@code root} and {@code alias}. Paths are octet strings, as the file system has bytes. */
public final class FilePaths {
    private FilePaths() {}

    /** The path of the file that {@code uri} names in the exchange's location. */
    public static String of(Exchange exchange, String uri) {
        Location location = exchange.location;
        CoreSettings core = location.core;
        Template alias = core.alias();
        if (alias != null) {
            String target = absolute(exchange, alias.eval(exchange));
            // in a regex location the alias is the whole path, made of its groups
            return location.isRegex() ? target : target + uri.substring(Math.min(location.name.length(), uri.length()));
        }
        return folder(exchange) + uri;
    }

    /** {@code $document_root}: without a slash at its end. */
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
