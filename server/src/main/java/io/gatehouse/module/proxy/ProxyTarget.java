package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.Level;
import io.gatehouse.upstream.HostUrl;
import io.gatehouse.upstream.UpstreamGroup;
import org.jspecify.annotations.Nullable;

/**
 * What {@code proxy_pass} names: known when the configuration is built, or, with variables, for each request.
 *
 * @param written as in the file
 * @param template with variables, else null
 * @param fixed without variables, else null
 * @param location the prefix that the URI part stands in place of; empty if it stands in place of nothing
 */
record ProxyTarget(
        String written,
        @Nullable Template template,
        @Nullable Place fixed,
        String location) {
    private static final String PLAIN = "http://";
    private static final String SECURE = "https://";

    /** The length of the scheme that a text begins with, "://" included; 0 if that is none. */
    static int schemeLength(String text) {
        if (text.regionMatches(true, 0, PLAIN, 0, PLAIN.length())) {
            return PLAIN.length();
        }
        return text.regionMatches(true, 0, SECURE, 0, SECURE.length()) ? SECURE.length() : 0;
    }

    /** The port that a scheme of this length stands for. */
    static int usualPort(int schemeLength) {
        return schemeLength == SECURE.length() ? 443 : 80;
    }

    /** Whether an application may be asked over TLS. */
    boolean mayBeSecure() {
        return fixed == null || fixed.isSecure();
    }

    /**
     * One address and URI to pass requests to.
     *
     * @param scheme as written, for log lines
     * @param url host, port and URI part
     * @param group the peers behind it; null if a name has to be asked for first
     * @param hostHeader {@code $proxy_host}
     * @param portText {@code $proxy_port}
     * @param replacesUri whether the URI part is all of the URI, whatever was asked for
     */
    record Place(
            String scheme,
            HostUrl url,
            @Nullable UpstreamGroup group,
            String hostHeader,
            String portText,
            boolean replacesUri) {

        static Place of(String scheme, HostUrl url, @Nullable UpstreamGroup group, boolean replacesUri) {
            if (url.isUnix()) {
                return new Place(scheme, url, group, "localhost", "", replacesUri);
            }
            int port = usualPort(scheme.length());
            boolean usual = url.port() == port;
            String header = usual ? url.host() : url.host() + ":" + url.portText();
            return new Place(scheme, url, group, header, usual ? Integer.toString(port) : url.portText(), replacesUri);
        }

        /** Whether TLS is spoken. */
        boolean isSecure() {
            return scheme.length() == SECURE.length();
        }

        /** The URI part; empty if there is none. */
        String uri() {
            return url.uri();
        }
    }

    /** Where this request goes; null if the text that its variables make is none (logged; answer 500). */
    @Nullable
    Place place(Exchange x, ProxySettings settings) {
        if (fixed != null || template == null) {
            return fixed;
        }
        String text = template.eval(x);
        int scheme = schemeLength(text);
        if (scheme == 0 || text.length() == scheme) {
            x.log(Level.ERROR, "invalid URL prefix in \"" + text + "\"");
            return null;
        }
        String behind = text.substring(scheme);
        HostUrl url;
        try {
            url = HostUrl.parse(behind, usualPort(scheme), true);
        } catch (HostUrl.Malformed e) {
            x.log(Level.ERROR, e.getMessage() + " in upstream \"" + behind + "\"");
            return null;
        }
        if (url.uri().startsWith("?")) {
            url = new HostUrl(url.text(), url.host(), url.portText(), url.port(), "/" + url.uri(), url.literal());
        }
        return Place.of(
                text.substring(0, scheme),
                url,
                settings.upstreams.find(url),
                !url.uri().isEmpty());
    }
}
