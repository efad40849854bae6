package io.gatehouse.module.ssl;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.tls.SessionZone;
import io.gatehouse.wire.SystemClock;
import io.gatehouse.wire.tls.TicketKeys;
import io.gatehouse.zone.ZoneNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a client goes on with an earlier session, which spares both sides most of a handshake. */
final class SessionDirectives {
    private static final int BUILTIN = 20 * 1024;
    private static final int LEAST = 8 * 4096;

    /**
     * What {@code ssl_session_cache} says.
     *
     * @param builtin sessions of the server's own; 0 for none
     */
    record Cache(int builtin, @Nullable SessionZone zone) {
        static final Cache NONE = new Cache(0, null);
    }

    static final Directive<Cache> SSL_SESSION_CACHE = directive("ssl_session_cache")
            .in(HTTP, SERVER)
            .takes(new Arity(1, 2), SessionDirectives::cache)
            .again()
            .byDefault(Cache.NONE, "none")
            .syntax("off | none | [builtin[:size]] [shared:name:size]")
            .standing(
                    Standing.EXTENDED,
                    "Sessions of TLS 1.3 are never kept, BoringSSL puts them whole into tickets, so without"
                            + " ssl_session_tickets there are none.")
            .says("Sets where sessions are kept: builtin is the server's own, shared is for every server that names it"
                    + " and goes on over a reload; a megabyte holds about 4,000. A shared one also has keys for"
                    + " tickets, which change with ssl_session_timeout.")
            .example("ssl_session_cache shared:SSL:10m;");

    static final Directive<Long> SSL_SESSION_TIMEOUT = directive("ssl_session_timeout")
            .in(HTTP, SERVER)
            .takes(Arguments.SECONDS)
            .byDefault(300L, "5m")
            .syntax("time")
            .says("Sets how long a client may go on with a session.")
            .example("ssl_session_timeout 1d;");

    static final Directive<Boolean> SSL_SESSION_TICKETS = directive("ssl_session_tickets")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether sessions are given to clients to keep, encrypted (RFC 5077).")
            .example("ssl_session_tickets off;");

    static final Directive<List<byte[]>> SSL_SESSION_TICKET_KEY = directive("ssl_session_ticket_key")
            .in(HTTP, SERVER)
            .takesEach(Arity.ONE, SessionDirectives::ticketKey)
            .syntax("file")
            .standing(
                    Standing.EXTENDED,
                    "Tickets are encrypted with AES-128: those of a file of 48 bytes are nginx's own, from one of 80"
                            + " bytes other keys are derived, so that only Gatehouse understands them.")
            .says("Names a file of 48 or 80 random bytes with the key of tickets, so that several machines understand"
                    + " each other's. Of several, the first one encrypts; the others still decrypt.")
            .example("ssl_session_ticket_key current.key;");

    static final List<Directive<?>> ALL =
            List.of(SSL_SESSION_CACHE, SSL_SESSION_TIMEOUT, SSL_SESSION_TICKETS, SSL_SESSION_TICKET_KEY);

    private SessionDirectives() {}

    private static Cache cache(Use use) {
        int builtin = 0;
        SessionZone zone = null;
        for (Word word : use.arguments()) {
            String text = word.text();
            if (text.equals("off") || text.equals("none")) {
                builtin = 0;
            } else if (text.equals("builtin")) {
                builtin = BUILTIN;
            } else if (text.startsWith("builtin:")) {
                builtin = size(use, word, text.substring("builtin:".length()), false);
            } else if (text.startsWith("shared:")) {
                zone = zone(use, word, text.substring("shared:".length()));
            } else {
                throw invalid(use, word);
            }
        }
        return new Cache(builtin, zone);
    }

    private static SessionZone zone(Use use, Word word, String nameAndSize) {
        int colon = nameAndSize.indexOf(':');
        if (colon <= 0) {
            throw invalid(use, word);
        }
        int size = size(use, word, nameAndSize.substring(colon + 1), true);
        if (size < LEAST) {
            throw use.error("session cache \"" + word.text() + "\" is too small", word, "the least is 32k");
        }
        ZoneNames.note(use, word, "ssl_session_cache", nameAndSize.substring(0, colon), size);
        SessionZone.Identity identity = new SessionZone.Identity(nameAndSize.substring(0, colon), size);
        SystemClock clock = new SystemClock();
        return use.carried(identity, () -> new SessionZone(identity, () -> clock.nanos() / 1_000_000_000));
    }

    private static int size(Use use, Word word, String text, boolean units) {
        long size = -1;
        if (units) {
            size = Units.size(text);
        } else {
            try {
                size = Integer.parseUnsignedInt(text);
            } catch (NumberFormatException e) {
                // told below
            }
        }
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw invalid(use, word);
        }
        return (int) size;
    }

    private static RuntimeException invalid(Use use, Word word) {
        return use.error(
                "invalid session cache \"" + word.text() + "\"",
                word,
                "expected off, none, builtin or shared:name:size");
    }

    private static byte[] ticketKey(Use use) {
        Path file = use.confPath(use.text(0));
        String name = CertificateDirectives.name(file);
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw use.error(
                    "open() \"" + name + "\" failed (2: No such file or directory)",
                    use.arguments().get(0));
        } catch (IOException e) {
            throw use.error(
                    "open() \"" + name + "\" failed (" + e.getMessage() + ")",
                    use.arguments().get(0));
        }
        if (bytes.length != 48 && bytes.length != 80) {
            throw use.error(
                    "\"" + name + "\" must be 48 or 80 bytes",
                    use.arguments().get(0),
                    "make one with: openssl rand 80 > FILE");
        }
        return TicketKeys.of(bytes);
    }
}
