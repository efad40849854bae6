package io.gatehouse.module.ssl;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.exchange.Location;
import io.gatehouse.tls.ServerTls;
import java.util.ArrayList;
import java.util.List;

/** TLS towards clients. */
public final class SslModule implements Module {
    @Override
    public String name() {
        return "ssl";
    }

    @Override
    public List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>();
        all.addAll(CertificateDirectives.ALL);
        all.addAll(ProtocolDirectives.ALL);
        all.addAll(SessionDirectives.ALL);
        all.addAll(ClientDirectives.ALL);
        all.addAll(StaplingDirectives.ALL);
        all.addAll(OcspDirectives.ALL);
        return all;
    }

    @Override
    public void variables(VariableRegistry registry) {
        SslVariables.register(registry);
    }

    @Override
    public void build(LocationBuild place) {
        if (place.kind() == Location.Kind.SERVER) {
            place.settings(ServerTls.KEY, new ServerTlsBuild(place).build());
        }
    }
}
