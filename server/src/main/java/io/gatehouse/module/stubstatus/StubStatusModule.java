package io.gatehouse.module.stubstatus;

import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.observe.status.ConnectionCounts;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code stub_status} and the variables of the same numbers. */
public final class StubStatusModule implements Module {
    private static final Directive<Boolean> STUB_STATUS = directive("stub_status")
            .in(SERVER, LOCATION)
            .takes(new Arity(0, 1), use -> true)
            .again()
            .inherits(Inheritance.NONE)
            .says("Answers with the numbers of connections: active, accepted, handled, of requests, reading,"
                    + " writing, waiting.")
            .example("stub_status;");

    @Override
    public String name() {
        return "stub_status";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(STUB_STATUS);
    }

    @Override
    public void variables(VariableRegistry registry) {
        add(registry, "connections_active", ConnectionCounts.ACTIVE);
        add(registry, "connections_reading", ConnectionCounts.READING);
        add(registry, "connections_writing", ConnectionCounts.WRITING);
        add(registry, "connections_waiting", ConnectionCounts.WAITING);
    }

    private static void add(VariableRegistry registry, String name, int which) {
        registry.add(name, x -> Long.toString(ConnectionCounts.total(which)));
    }

    @Override
    public void build(LocationBuild place) {
        Scope scope = place.scope();
        Scope around = scope.parent();
        if (scope.says(STUB_STATUS) || scope.context() == LOCATION_IF && around != null && around.says(STUB_STATUS)) {
            place.ownContent(StubStatusModule::answer);
        }
    }

    private static Outcome answer(Exchange x) {
        if (!x.method.equals("GET") && !x.isHead()) {
            return Outcome.status(405);
        }
        int refused = x.body.discard();
        if (refused != 0) {
            return Outcome.status(refused);
        }
        byte[] text = text().getBytes(StandardCharsets.ISO_8859_1);
        x.response.status = 200;
        x.response.contentType = "text/plain";
        x.response.contentLength = text.length;
        if (x.sendHead()) {
            ByteBuf buffer = x.loop.buffer(text.length);
            x.send(buffer.writeBytes(text));
            x.end();
        }
        return Outcome.DONE;
    }

    /** As monitoring knows it, with the spaces at the ends of lines. */
    private static String text() {
        return "Active connections: " + ConnectionCounts.total(ConnectionCounts.ACTIVE) + " \n"
                + "server accepts handled requests\n"
                + " " + ConnectionCounts.total(ConnectionCounts.ACCEPTED)
                + " " + ConnectionCounts.total(ConnectionCounts.HANDLED)
                + " " + ConnectionCounts.total(ConnectionCounts.REQUESTS) + " \n"
                + "Reading: " + ConnectionCounts.total(ConnectionCounts.READING)
                + " Writing: " + ConnectionCounts.total(ConnectionCounts.WRITING)
                + " Waiting: " + ConnectionCounts.total(ConnectionCounts.WAITING) + " \n";
    }
}
