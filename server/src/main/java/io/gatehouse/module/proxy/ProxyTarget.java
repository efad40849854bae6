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
    static final String SCHEME = "http://";

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
            boolean usual = url.port() == 80;
            String header = usual ? url.host() : url.host() + ":" + url.portText();
            return new Place(scheme, url, group, header, usual ? "80" : url.portText(), replacesUri);
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
        if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || text.length() == SCHEME.length()) {
            x.log(Level.ERROR, "invalid URL prefix in \"" + text + "\"");
            return null;
        }
        String behind = text.substring(SCHEME.length());
        HostUrl url;
        try {
            url = HostUrl.parse(behind, 80, true);
        } catch (HostUrl.Malformed e) {
            x.log(Level.ERROR, e.getMessage() + " in upstream \"" + behind + "\"");
            return null;
        }
        if (url.uri().startsWith("?")) {
            url = new HostUrl(url.text(), url.host(), url.portText(), url.port(), "/" + url.uri(), url.literal());
        }
        return Place.of(
                text.substring(0, SCHEME.length()),
                url,
                settings.upstreams.find(url),
                !url.uri().isEmpty());
    }
}
