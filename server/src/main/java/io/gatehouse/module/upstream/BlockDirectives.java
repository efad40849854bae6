package io.gatehouse.module.upstream;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.UPSTREAM;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.upstream.KeepAlive;
import io.gatehouse.upstream.Upstreams;
import io.gatehouse.zone.ZoneNames;
import java.util.List;

/** The {@code upstream} block and what it says besides its balancing. */
final class BlockDirectives {
    private static final int LEAST_ZONE = 8 * 4096;

    private BlockDirectives() {}

    /** {@code keepalive}. */
    record Kept(int most, boolean local) {}

    static final Directive<List<UpstreamBlock>> UPSTREAM_BLOCK = directive("upstream")
            .in(HTTP)
            .takesEach(Arity.ONE, BlockDirectives::block)
            .block()
            .inherits(Inheritance.NONE)
            .syntax("name { server address; ... }")
            .says("Defines a group of peers that proxy_pass can name; requests are spread over them.")
            .example("upstream paperclip {\n    server 127.0.0.1:3100;\n    server 127.0.0.1:3101 backup;\n}");

    static final Directive<List<ServerLine>> SERVER = directive("server")
            .in(UPSTREAM)
            .takesEach(Arity.AT_LEAST_ONE, ServerLine::read)
            .inherits(Inheritance.NONE)
            .syntax("address [weight=number] [max_conns=number] [max_fails=number] [fail_timeout=time] [backup] [down]"
                    + " [drain] [resolve] [service=name]")
            .says("Names a peer of the group: an address with or without a port, a name with all of its addresses,"
                    + " or a unix socket.")
            .example("server 127.0.0.1:3100 weight=2 max_fails=3 fail_timeout=30s;");

    static final Directive<Kept> KEEPALIVE = directive("keepalive")
            .in(UPSTREAM)
            .takes(new Arity(1, 2), BlockDirectives::keepalive)
            .inherits(Inheritance.NONE)
            .syntax("connections [local]")
            .standing(
                    Standing.EXTENDED,
                    "connections are kept without it too: 32, and 512 for each application that is in no block")
            .says("Sets how many idle connections to the peers each loop keeps; 0 for none. With \"local\" each"
                    + " location uses only those it opened.")
            .example("keepalive 16;");

    static final Directive<Integer> KEEPALIVE_REQUESTS = directive("keepalive_requests")
            .in(UPSTREAM)
            .takes(Arguments.NUMBER)
            .byDefault(KeepAlive.REQUESTS, "1000")
            .inherits(Inheritance.NONE)
            .syntax("number")
            .says("Sets how many requests one connection to a peer carries at most.")
            .example("keepalive_requests 10000;");

    static final Directive<Long> KEEPALIVE_TIME = directive("keepalive_time")
            .in(UPSTREAM)
            .takes(Arguments.MILLIS)
            .byDefault(KeepAlive.TIME_MILLIS, "1h")
            .inherits(Inheritance.NONE)
            .syntax("time")
            .says("Sets for how long one connection to a peer may carry further requests.")
            .example("keepalive_time 10m;");

    static final Directive<Long> KEEPALIVE_TIMEOUT = directive("keepalive_timeout")
            .in(UPSTREAM)
            .takes(Arguments.MILLIS)
            .byDefault(KeepAlive.TIMEOUT_MILLIS, "60s")
            .inherits(Inheritance.NONE)
            .syntax("time")
            .says("Sets for how long an idle connection to a peer is kept.")
            .example("keepalive_timeout 30s;");

    static final Directive<String> ZONE = directive("zone")
            .in(UPSTREAM)
            .takes(new Arity(1, 2), BlockDirectives::zone)
            .again()
            .inherits(Inheritance.NONE)
            .syntax("name [size]")
            .standing(Standing.EXTENDED, "the size is only checked; memory is taken as needed")
            .says("Lets all loops share what is known of the peers, and keeps it over a reload.")
            .example("zone paperclip 64k;");

    static final List<Directive<?>> ALL =
            List.of(UPSTREAM_BLOCK, SERVER, KEEPALIVE, KEEPALIVE_REQUESTS, KEEPALIVE_TIME, KEEPALIVE_TIMEOUT, ZONE);

    private static UpstreamBlock block(Use use) {
        Scope scope = use.readBlock(Context.UPSTREAM);
        List<ServerLine> lines = scope.own(SERVER);
        if (lines == null) {
            throw use.errorAtEnd("no servers are inside upstream");
        }
        String name = use.text(0);
        UpstreamBlock block = new UpstreamBlock(name, scope, lines, use);
        Upstreams upstreams = use.shared(Upstreams.class, Upstreams::new);
        List<UpstreamBlock> before = use.scope().own(UPSTREAM_BLOCK);
        if (before != null && before.stream().anyMatch(other -> other.name().equalsIgnoreCase(name))) {
            throw use.error(
                    "duplicate upstream \"" + name + "\"", use.arguments().get(0));
        }
        // names of other blocks and the resolver of http may stand further below
        use.later(() -> upstreams.define(name, block.build()));
        return block;
    }

    private static Kept keepalive(Use use) {
        Word word = use.arguments().get(0);
        int most;
        try {
            most = Integer.parseUnsignedInt(word.text());
        } catch (NumberFormatException e) {
            throw use.error(
                    "invalid value \"" + word.text() + "\" in \"keepalive\" directive",
                    word,
                    "expected a whole number");
        }
        if (use.count() == 2 && !use.text(1).equals("local")) {
            throw use.error(
                    "invalid parameter \"" + use.text(1) + "\"",
                    use.arguments().get(1),
                    "expected \"local\" or nothing");
        }
        return new Kept(most, use.count() == 2);
    }

    private static String zone(Use use) {
        String name = use.text(0);
        if (name.isEmpty()) {
            throw use.error("invalid zone name \"\"", use.arguments().get(0));
        }
        long size = 0;
        if (use.count() == 2) {
            Word word = use.arguments().get(1);
            size = Units.size(word.text());
            if (size < 0) {
                throw use.error("invalid zone size \"" + word.text() + "\"", word);
            }
            if (size < LEAST_ZONE) {
                throw use.error("zone \"" + name + "\" is too small", word);
            }
        }
        ZoneNames.note(use, use.arguments().get(0), "upstream", name, size);
        return name;
    }
}
