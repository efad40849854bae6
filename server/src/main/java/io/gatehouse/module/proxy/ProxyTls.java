package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.proxy.ProxyTarget.Place;
import io.gatehouse.tls.Credentials;
import io.gatehouse.tls.CredentialsSource;
import io.gatehouse.upstream.PoolKey;
import io.gatehouse.wire.tls.TlsContext;
import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsFacts;
import io.gatehouse.wire.tls.VerifyResult;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How TLS is spoken with the applications of one place: nginx's {@code proxy_ssl_*}. Immutable. */
final class ProxyTls {
    private final TlsRecipe recipe;
    private final TlsContext context;
    private final TlsSessions sessions;
    private final @Nullable Template name;
    private final boolean serverName;
    private final boolean reuse;
    private final @Nullable Chosen chosen;

    /** Credentials that are named with variables. */
    record Chosen(Template certificate, Template key, CredentialsSource source) {}

    ProxyTls(
            TlsRecipe recipe,
            TlsContext context,
            TlsSessions sessions,
            @Nullable Template name,
            boolean serverName,
            boolean reuse,
            @Nullable Chosen chosen) {
        this.recipe = recipe;
        this.context = context;
        this.sessions = sessions;
        this.name = name;
        this.serverName = serverName;
        this.reuse = reuse;
        this.chosen = chosen;
    }

    /** Whether the terms are the same for every request to a place. */
    boolean isFixed() {
        return chosen == null && (name == null || name.isConstant());
    }

    /** What has to be found out for each request before the terms are known; null for nothing. */
    @Nullable
    Chosen chosen() {
        return chosen;
    }

    /** The terms of a connection; {@code x} may be null if they are fixed. */
    TlsTerms terms(@Nullable Exchange x, Place place, @Nullable Credentials credentials, @Nullable String tag) {
        String told = null;
        String checked = null;
        if (serverName || recipe.verify()) {
            String host = withoutPort(name(x, place));
            told = serverName && !host.isEmpty() && !isAddress(host) ? host : null;
            checked = recipe.verify() ? host : null;
        }
        return new TlsTerms(recipe, told, checked, credentials, reuse, tag);
    }

    private String name(@Nullable Exchange x, Place place) {
        if (name == null) {
            return place.url().host();
        }
        String constant = name.constant();
        return constant != null ? constant : x == null ? "" : name.eval(x);
    }

    private static String withoutPort(String text) {
        int from = text.startsWith("[") ? Math.max(0, text.indexOf(']')) : 0;
        int colon = text.indexOf(':', from);
        return colon < 0 ? text : text.substring(0, colon);
    }

    /** An address is no name to ask for (RFC 6066, 3). */
    private static boolean isAddress(String host) {
        if (host.startsWith("[")) {
            return true;
        }
        try {
            return Character.isDigit(host.charAt(0)) && InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Begins TLS on these terms. */
    TlsEngine engine(PoolKey key, TlsTerms terms) {
        Credentials shown = terms.credentials();
        return context.connect(
                terms.serverName(),
                shown == null ? List.of() : List.of(shown.identity()),
                reuse ? sessions.of(key) : null);
    }

    /** What is wrong with the application's certificate, in nginx's words; null if nothing is. */
    static @Nullable String defect(TlsTerms terms, @Nullable TlsFacts facts) {
        String name = terms.checkedName();
        if (name == null) {
            return null;
        }
        VerifyResult result = facts == null ? null : facts.verification();
        if (result != null && !result.isOk()) {
            return "upstream SSL certificate verify error: (" + result.code() + ":" + result.reason() + ")";
        }
        if (facts == null || !facts.isFor(name)) {
            return "upstream SSL certificate does not match \"" + name + "\"";
        }
        return null;
    }

    /** The session led to a peer that is not trusted: it is not to be resumed. */
    void forget(PoolKey key) {
        if (reuse) {
            sessions.of(key).clear();
        }
    }
}
