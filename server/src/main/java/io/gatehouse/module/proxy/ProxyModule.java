package io.gatehouse.module.proxy;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.exchange.Location;
import io.gatehouse.upstream.UpstreamPools;
import io.gatehouse.upstream.Upstreams;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passing requests on to applications: nginx's ngx_http_proxy_module. Stands behind the upstream module. */
public final class ProxyModule implements Module {
    @Override
    public String name() {
        return "proxy";
    }

    @Override
    public List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>();
        all.add(PassDirective.PROXY_PASS);
        all.addAll(RequestDirectives.ALL);
        all.addAll(AttemptDirectives.ALL);
        all.addAll(AnswerDirectives.ALL);
        all.addAll(RewriteDirectives.ALL);
        all.addAll(BufferDirectives.ALL);
        all.addAll(StoreDirectives.ALL);
        all.addAll(SslDirectives.ALL);
        all.addAll(IgnoredDirectives.ALL);
        return all;
    }

    @Override
    public void variables(VariableRegistry registry) {
        ProxyVariables.register(registry);
    }

    @Override
    public void build(LocationBuild place) {
        Upstreams upstreams = place.shared(Upstreams.class, Upstreams::new);
        PassDirective.Pass pass = place.find(PassDirective.PROXY_PASS);
        ProxyTarget target = pass != null ? PassDirective.target(place, pass, upstreams) : inherited(place, upstreams);
        if (target == null) {
            return;
        }
        UpstreamPools pools = place.carried(UpstreamPools.KEY, UpstreamPools::new);
        ProxyRacks racks = place.carried(ProxyRacks.class, () -> new ProxyRacks(pools));
        ProxySettings settings = new ProxySettings(place, target, upstreams, racks);
        place.settings(ProxySettings.KEY, settings);
        place.ownContent(new ProxyHandler(settings));
        if (pass != null && place.name().endsWith("/")) {
            place.autoRedirect();
        }
    }

    /**
     * An {@code if} or {@code limit_except} without its own passes to where the location around it does. That is read off what
     * was said there: the places within a location are built before its own.
     */
    private static @Nullable ProxyTarget inherited(LocationBuild place, Upstreams upstreams) {
        LocationBuild inner = place;
        while (inner.kind() == Location.Kind.IF || inner.kind() == Location.Kind.LIMIT_EXCEPT) {
            LocationBuild outer = inner.parent();
            if (outer == null) {
                return null;
            }
            PassDirective.Pass pass = outer.find(PassDirective.PROXY_PASS);
            if (pass != null) {
                return PassDirective.target(outer, pass, upstreams);
            }
            inner = outer;
        }
        return null;
    }
}
