package io.gatehouse.module.proxy;

import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.exchange.AttachmentKey;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Variable;
import io.gatehouse.module.proxy.ProxyTarget.Place;
import io.gatehouse.text.Octets;
import org.jspecify.annotations.Nullable;

/** {@code $proxy_host}, {@code $proxy_port} and {@code $proxy_add_x_forwarded_for}. */
final class ProxyVariables {
    /** Where the request goes; kept until an internal redirect. */
    static final AttachmentKey<Place> PLACE = AttachmentKey.of(Place.class);

    private ProxyVariables() {}

    static void register(VariableRegistry registry) {
        registry.add("proxy_host", x -> {
            Place place = x.attachments.get(PLACE);
            return place == null ? null : place.hostHeader();
        });
        registry.add("proxy_port", x -> {
            Place place = x.attachments.get(PLACE);
            return place == null ? null : place.portText();
        });
        registry.add("proxy_add_x_forwarded_for", new ForwardedFor());
    }

    /** The client's X-Forwarded-For, if it sent one, and its address behind it. */
    private static final class ForwardedFor implements Variable {
        @Override
        public @Nullable String get(Exchange x) {
            if (!x.request.has(FieldName.X_FORWARDED_FOR)) {
                return x.remoteAddress;
            }
            Octets out = new Octets(128);
            appendTo(x, out);
            return out.toString();
        }

        @Override
        public void appendTo(Exchange x, Octets out) {
            Headers fields = x.request;
            for (int i = fields.find(FieldName.X_FORWARDED_FOR);
                    i >= 0;
                    i = fields.find(FieldName.X_FORWARDED_FOR, i + 1)) {
                int start = fields.valueStart(i);
                out.put(fields.bytes(), start, fields.valueEnd(i) - start).put(", ");
            }
            out.put(x.remoteAddress);
        }
    }
}
