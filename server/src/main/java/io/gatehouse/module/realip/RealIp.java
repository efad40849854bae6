package io.gatehouse.module.realip;

import io.gatehouse.address.ForwardedFor;
import io.gatehouse.address.IpText;
import io.gatehouse.address.Network;
import io.gatehouse.exchange.AttachmentKey;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.listen.ProxyHeader;
import io.gatehouse.text.InetText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the address of a request's client from what a trusted proxy says. Once for a request: what was found first stands,
 * and the next request on the connection begins with the connection's own address again.
 */
record RealIp(List<Network> trusted, Source source, String field, boolean recursive) implements Handler {
    /** Where the proxy says it. */
    enum Source {
        /** The first field of a name. */
        FIELD,
        /** All fields of a name, as one list. */
        FIELDS,
        PROXY_PROTOCOL,
    }

    private static final AttachmentKey<Boolean> FOUND = AttachmentKey.lasting(Boolean.class);

    @Override
    public Outcome handle(Exchange x) {
        Exchange main = x.main();
        if (main.attachments.get(FOUND) != null) {
            return Outcome.NEXT;
        }
        ProxyHeader header = x.client.proxyHeader;
        String said = said(x.request, header);
        if (said == null) {
            return Outcome.NEXT;
        }
        byte[] peer = IpText.parse(main.remoteAddress);
        ForwardedFor.Found found = ForwardedFor.find(peer == null ? new byte[0] : peer, said, trusted, recursive);
        if (!found.changed()) {
            return Outcome.NEXT;
        }
        int port = source == Source.PROXY_PROTOCOL && header != null ? header.sourcePort() : found.port();
        String address = InetText.of(found.address());
        for (Exchange each = x; each != null; each = each.parent) {
            each.remoteAddress = address;
            each.remotePort = port;
        }
        main.attachments.put(FOUND, true);
        return Outcome.NEXT;
    }

    private @Nullable String said(Headers request, @Nullable ProxyHeader header) {
        return switch (source) {
            case PROXY_PROTOCOL -> header == null ? null : header.sourceAddress();
            case FIELD -> request.get(field);
            case FIELDS -> ForwardedFor.list(request, FieldName.X_FORWARDED_FOR);
        };
    }
}
