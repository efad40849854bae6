package io.gatehouse.module.proxy;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.TempFolders;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.exchange.Template;
import io.gatehouse.upstream.KeepAlive;
import io.gatehouse.upstream.Peer;
import io.gatehouse.upstream.PoolKey;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.upstream.Upstreams;
import io.gatehouse.wire.SocketBuffers;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is configured for passing on the requests of one place; nginx's directives of the same names. Sizes in bytes. */
final class ProxySettings {
    static final SettingsKey<ProxySettings> KEY = SettingsKey.of(ProxySettings.class);

    final ProxyTarget target;
    final Upstreams upstreams;
    final ProxyRacks racks;
    final ResolverSettings resolver;

    final RequestHead head;
    final boolean passBody;
    final @Nullable Template body;
    final boolean requestBuffering;

    final long connectTimeout;
    final long sendTimeout;
    final long readTimeout;
    final NextUpstream next;
    final boolean ignoreClientAbort;
    final @Nullable LocalAddress bind;
    final boolean socketKeepalive;
    final SocketBuffers buffers;

    final AnswerRules rules;
    final List<ValueRewrite> redirects;
    final CookieRewrite cookies;
    final boolean interceptErrors;
    final boolean buffering;
    final int bufferSize;
    final long buffersSize;
    final long maxTempFileSize;
    final Path tempPath;
    final @Nullable Template limitRate;
    final boolean forceRanges;
    final boolean passTrailers;
    final List<Template> earlyHints;
    final ProxyStore store;
    /** Null where no application is asked over TLS. */
    final @Nullable ProxyTls tls;

    /** What connections of this place have in common that others may not have, for {@code keepalive N local}. */
    final String tag;

    private final PeerKeys keys = new PeerKeys();

    ProxySettings(LocationBuild place, ProxyTarget target, Upstreams upstreams, ProxyRacks racks) {
        Scope scope = place.scope();
        this.target = target;
        this.upstreams = upstreams;
        this.racks = racks;
        ResolverSettings names = place.settings(ResolverSettings.KEY);
        this.resolver = names == null ? ResolverSettings.NONE : names;
        boolean http11 = scope.get(RequestDirectives.HTTP_VERSION) == 11;
        this.head = new RequestHead(
                http11,
                scope.find(RequestDirectives.METHOD),
                place.findOr(RequestDirectives.SET_HEADER, List.of()),
                scope.get(RequestDirectives.PASS_REQUEST_HEADERS));
        this.passBody = scope.get(RequestDirectives.PASS_REQUEST_BODY);
        this.body = scope.find(RequestDirectives.SET_BODY);
        this.requestBuffering = scope.get(RequestDirectives.REQUEST_BUFFERING);
        this.connectTimeout = scope.get(AttemptDirectives.CONNECT_TIMEOUT);
        this.sendTimeout = scope.get(AttemptDirectives.SEND_TIMEOUT);
        this.readTimeout = scope.get(AttemptDirectives.READ_TIMEOUT);
        this.next = new NextUpstream(
                scope.get(AttemptDirectives.NEXT_UPSTREAM),
                scope.get(AttemptDirectives.NEXT_UPSTREAM_TRIES),
                scope.get(AttemptDirectives.NEXT_UPSTREAM_TIMEOUT));
        this.ignoreClientAbort = scope.get(AttemptDirectives.IGNORE_CLIENT_ABORT);
        LocalAddress local = scope.find(AttemptDirectives.BIND);
        this.bind = local == null || local.isOff() ? null : local;
        this.socketKeepalive = scope.get(AttemptDirectives.SOCKET_KEEPALIVE);
        this.buffers = new SocketBuffers(
                scope.get(AttemptDirectives.SOCKET_RCVBUF), scope.get(AttemptDirectives.SOCKET_SNDBUF));
        this.rules = new AnswerRules(
                place.findOr(AnswerDirectives.HIDE_HEADER, List.of()),
                place.findOr(AnswerDirectives.PASS_HEADER, List.of()),
                scope.get(AnswerDirectives.IGNORE_HEADERS));
        this.redirects = RewriteDirectives.redirects(place, target);
        this.cookies = RewriteDirectives.cookies(scope);
        this.interceptErrors = scope.get(AnswerDirectives.INTERCEPT_ERRORS);
        this.buffering = scope.get(BufferDirectives.BUFFERING);
        BufferDirectives.check(place);
        this.bufferSize = scope.get(BufferDirectives.BUFFER_SIZE);
        this.buffersSize = scope.get(BufferDirectives.BUFFERS).total();
        this.maxTempFileSize = scope.get(BufferDirectives.MAX_TEMP_FILE_SIZE);
        Path temp = scope.find(BufferDirectives.TEMP_PATH);
        this.tempPath =
                TempFolders.add(place, temp == null ? place.paths().prefix().resolve("proxy_temp") : temp);
        this.limitRate = scope.find(BufferDirectives.LIMIT_RATE);
        this.forceRanges = scope.get(AnswerDirectives.FORCE_RANGES);
        this.passTrailers = scope.get(AnswerDirectives.PASS_TRAILERS);
        this.earlyHints = scope.get(AnswerDirectives.EARLY_HINTS);
        this.store = scope.get(StoreDirectives.STORE).with(scope.get(StoreDirectives.STORE_ACCESS));
        this.tls = target.mayBeSecure() ? TlsBuild.of(place) : null;
        this.tag = place.name();
    }

    /** How connections to the peers of a target are kept. */
    KeepAlive keepAlive(ProxyTarget.Place where) {
        return where.group() == null ? KeepAlive.WITHOUT_BLOCK : where.group().keepAlive();
    }

    /** How connections to a peer of this place are told apart, where no request makes a difference. */
    PoolKey key(ProxyTarget.Place where, Peer peer, int loop) {
        PoolKey known = keys.of(peer, loop);
        if (known == null) {
            String ofPlace = where.group() != null && where.group().local() ? tag : null;
            Object facts = where.isSecure() && tls != null ? tls.terms(null, where, null, ofPlace) : ofPlace;
            known = new PoolKey(peer.address(), null, false, facts, keepAlive(where));
            keys.put(peer, loop, known);
        }
        return known;
    }
}
