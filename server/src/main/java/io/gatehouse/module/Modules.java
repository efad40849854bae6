package io.gatehouse.module;

import io.gatehouse.config.build.Blocks;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.ServerDirectives;
import io.gatehouse.module.access.AccessModule;
import io.gatehouse.module.accesslog.AccessLogModule;
import io.gatehouse.module.acme.AcmeModule;
import io.gatehouse.module.authbasic.AuthBasicModule;
import io.gatehouse.module.authrequest.AuthRequestModule;
import io.gatehouse.module.autoindex.AutoindexModule;
import io.gatehouse.module.brotli.BrotliModule;
import io.gatehouse.module.brotli.BrotliStaticModule;
import io.gatehouse.module.core.CoreModule;
import io.gatehouse.module.emptygif.EmptyGifModule;
import io.gatehouse.module.geo.GeoModule;
import io.gatehouse.module.gunzip.GunzipModule;
import io.gatehouse.module.gzip.GzipModule;
import io.gatehouse.module.gzipstatic.GzipStaticModule;
import io.gatehouse.module.headers.HeadersModule;
import io.gatehouse.module.http2.Http2Module;
import io.gatehouse.module.index.IndexModule;
import io.gatehouse.module.limitconn.LimitConnModule;
import io.gatehouse.module.limitreq.LimitReqModule;
import io.gatehouse.module.map.MapModule;
import io.gatehouse.module.notmodified.NotModifiedModule;
import io.gatehouse.module.process.ProcessModule;
import io.gatehouse.module.proxy.ProxyModule;
import io.gatehouse.module.range.RangeModule;
import io.gatehouse.module.realip.RealIpModule;
import io.gatehouse.module.referer.RefererModule;
import io.gatehouse.module.rewrite.RewriteModule;
import io.gatehouse.module.splitclients.SplitClientsModule;
import io.gatehouse.module.ssl.SslModule;
import io.gatehouse.module.staticfiles.StaticFilesModule;
import io.gatehouse.module.stubstatus.StubStatusModule;
import io.gatehouse.module.tryfiles.TryFilesModule;
import io.gatehouse.module.upstream.UpstreamModule;
import io.gatehouse.module.zstd.ZstdModule;
import io.gatehouse.module.zstd.ZstdStaticModule;
import java.util.List;

/**
 * The features, one line each. The order is that in which they see an answer's head, and in which handlers of one phase are
 * asked, both as in nginx: the one who answers conditional requests comes first, then the operator's fields, then what changes
 * bodies, and what cuts ranges last. Of several codings that a client likes equally the first of the list is used
 * (docs/design/0017-compression.md).
 */
public final class Modules {
    private Modules() {}

    public static List<Module> all() {
        return List.of(
                new ProcessModule(),
                new Blocks(),
                new ServerDirectives(),
                new CoreModule(),
                new Http2Module(),
                new AcmeModule(),
                new SslModule(),
                new RewriteModule(),
                new MapModule(),
                new SplitClientsModule(),
                new GeoModule(),
                new RefererModule(),
                new RealIpModule(),
                new LimitReqModule(),
                new LimitConnModule(),
                new AccessModule(),
                new AuthBasicModule(),
                new AuthRequestModule(),
                new TryFilesModule(),
                new IndexModule(),
                new AutoindexModule(),
                new BrotliStaticModule(),
                new ZstdStaticModule(),
                new GzipStaticModule(),
                new StaticFilesModule(),
                new StubStatusModule(),
                new EmptyGifModule(),
                new NotModifiedModule(),
                new UpstreamModule(),
                new ProxyModule(),
                new HeadersModule(),
                new GunzipModule(),
                new BrotliModule(),
                new ZstdModule(),
                new GzipModule(),
                new RangeModule(),
                new AccessLogModule());
    }
}
