package io.gatehouse.module.upstream;

import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.module.upstream.BalancerDirectives.Choice;
import io.gatehouse.module.upstream.BlockDirectives.Kept;
import io.gatehouse.upstream.DnsResolver;
import io.gatehouse.upstream.KeepAlive;
import io.gatehouse.upstream.PeerGroup;
import io.gatehouse.upstream.Resolvers;
import io.gatehouse.upstream.RoundRobin;
import io.gatehouse.upstream.Server;
import io.gatehouse.upstream.UpstreamGroup;
import io.gatehouse.upstream.Upstreams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One {@code upstream} block as it was read; a group is made of it when the whole file was. */
record UpstreamBlock(String name, Scope scope, List<ServerLine> lines, Use use) {

    UpstreamGroup build() {
        List<Choice> choices = scope.list(BalancerDirectives.CHOICES);
        Choice choice = choices.isEmpty() ? new Choice(RoundRobin.INSTANCE, null, false) : choices.getLast();
        List<Server> servers = lines.stream().map(ServerLine::server).toList();
        String zone = scope.own(BlockDirectives.ZONE);
        Resolvers resolvers = UpstreamModule.resolvers(use);
        DnsResolver resolver = resolvers.of(ResolverDirectives.inBlock(scope));
        String complaint = PeerGroup.complaint(name, place(), servers, zone != null, resolver != null);
        if (complaint != null) {
            throw refused(complaint);
        }
        Kept kept = scope.own(BlockDirectives.KEEPALIVE);
        KeepAlive keepAlive = new KeepAlive(
                name,
                kept == null ? KeepAlive.MOST : kept.most(),
                false,
                scope.get(BlockDirectives.KEEPALIVE_REQUESTS),
                scope.get(BlockDirectives.KEEPALIVE_TIME),
                scope.get(BlockDirectives.KEEPALIVE_TIMEOUT));
        PeerGroup peers = peers(choice, servers, zone);
        if (resolver != null) {
            resolvers.keepResolved(peers, resolver, ResolverDirectives.timeoutInBlock(scope));
        }
        return new UpstreamGroup(peers, keepAlive, kept != null && kept.local(), choice.key(), choice.byClient());
    }

    /** With a zone, what was known before a reload lives on. */
    private PeerGroup peers(Choice choice, List<Server> servers, @Nullable String zone) {
        if (zone == null) {
            return new PeerGroup(name, choice.balancer(), servers, null, Upstreams.MOST_LOOPS, null);
        }
        ZoneMemory memory = use.carried(new ZoneMemory.Key(zone, name), ZoneMemory::new);
        PeerGroup group = new PeerGroup(name, choice.balancer(), servers, zone, Upstreams.MOST_LOOPS, memory.last());
        memory.last(group);
        return group;
    }

    /** The complaint names the place; it is not said twice. */
    private ConfigException refused(String complaint) {
        String place = " in " + place();
        return complaint.endsWith(place)
                ? use.error(complaint.substring(0, complaint.length() - place.length()))
                : ConfigException.of(complaint);
    }

    private String place() {
        return use.node().at().source() + ":" + use.node().at().line();
    }
}
