package io.gatehouse.protocol;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.CoreSettings.KeepaliveDisable;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import org.jspecify.annotations.Nullable;

/** Whether a connection outlives a request that would let it. */
public final class KeepAlive {
    private KeepAlive() {}

    /** By the settings of the location that answers. */
    public static boolean lasts(Exchange x, boolean draining, ClientConnection client) {
        CoreSettings core = x.location.core;
        if (draining || !allows(core, client)) {
            return false;
        }
        if (core.keepaliveDisable().contains(KeepaliveDisable.MSIE6) && x.method.equals("POST")) {
            return !isOldExplorer(x.request.get(FieldName.USER_AGENT));
        }
        if (core.keepaliveDisable().contains(KeepaliveDisable.SAFARI)) {
            return !isSafari(x.request.get(FieldName.USER_AGENT));
        }
        return true;
    }

    /** Whether the limits of a connection let it carry more ({@code keepalive_timeout}, {@code _requests}, {@code _time}). */
    public static boolean allows(CoreSettings core, ClientConnection client) {
        return core.keepaliveTimeout() != 0
                && client.requests < core.keepaliveRequests()
                && (client.loop.nanos() - client.acceptedNanos) / 1_000_000 <= core.keepaliveTime();
    }

    /** MSIE 4 to 6, which waits when a POST is answered on a connection that stays. */
    static boolean isOldExplorer(@Nullable String agent) {
        int at = agent == null ? -1 : agent.indexOf("MSIE ");
        if (agent == null
                || at < 0
                || at + 7 >= agent.length()
                || agent.charAt(at + 6) != '.'
                || agent.contains("Opera")) {
            return false;
        }
        return switch (agent.charAt(at + 5)) {
            case '4', '5' -> true;
            case '6' -> agent.indexOf("SV1", at + 8) < 0;
            default -> false;
        };
    }

    /** Safari on a Mac, which may send a POST to a connection that is being closed. */
    static boolean isSafari(@Nullable String agent) {
        return agent != null
                && agent.contains("Safari/")
                && agent.contains("Mac OS X")
                && !agent.contains("Chrome/")
                && !agent.contains("Gecko/")
                && !agent.contains("Opera")
                && !agent.contains("MSIE ");
    }
}
