package io.gatehouse.tls.ocsp;

import io.gatehouse.upstream.HostUrl;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a responder is: {@code http://HOST[:PORT][/URI]}, an octet string. Immutable.
 *
 * @param text as it was said
 * @param host as it goes into the request
 * @param uri begins with a slash
 * @param literal whether the host is an address
 * @param addresses those that are known; none where a name has to be resolved first
 */
public record ResponderUrl(
        String text, String host, int port, String uri, boolean literal, List<SocketAddress> addresses) {
    private static final String HTTP = "http://";
    private static final int USUAL_PORT = 80;

    /** What is wrong with a text; the message is nginx's, as far as the URL: {@code invalid port in OCSP responder "..."}. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        private final String message;

        Invalid(String message) {
            super(message, null, false, false);
            this.message = message;
        }

        public String message() {
            return message;
        }
    }

    /**
     * @param now whether the system is asked at once for the addresses of a name, while a configuration is read
     * @throws Invalid if it is none, or its name is not known
     */
    public static ResponderUrl parse(String text, boolean now) throws Invalid {
        if (text.length() <= HTTP.length() || !text.regionMatches(true, 0, HTTP, 0, HTTP.length())) {
            throw new Invalid("invalid URL prefix in OCSP responder \"" + text + "\"");
        }
        String behind = text.substring(HTTP.length());
        String wrong = trouble(behind);
        if (wrong != null) {
            throw new Invalid(wrong + " in OCSP responder \"" + behind + "\"");
        }
        try {
            HostUrl url = HostUrl.parse(behind, USUAL_PORT, true);
            SocketAddress literal = url.literal();
            List<SocketAddress> addresses = literal != null ? List.of(literal) : now ? url.resolve() : List.of();
            String uri = url.uri().startsWith("/") ? url.uri() : "/" + url.uri();
            return new ResponderUrl(text, url.host(), url.port(), uri, literal != null, addresses);
        } catch (HostUrl.Malformed e) {
            throw new Invalid(e.getMessage() + " in OCSP responder \"" + behind + "\"");
        }
    }

    /** It goes into a request, and it may come from a certificate of a client. */
    private static @Nullable String trouble(String behind) {
        if (behind.regionMatches(true, 0, "unix:", 0, 5)) {
            return "no host";
        }
        return behind.chars().allMatch(c -> c > ' ' && c < 127) ? null : "invalid character";
    }

    /** The target of a request: the response to it may come out of a cache (RFC 6960, A.1). */
    String target(byte[] request) {
        String encoded = java.util.Base64.getEncoder()
                .encodeToString(request)
                .replace("+", "%2B")
                .replace("/", "%2F")
                .replace("=", "%3D");
        return (uri.endsWith("/") ? uri : uri + "/") + encoded;
    }
}
