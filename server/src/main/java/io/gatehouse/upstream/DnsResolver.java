package io.gatehouse.upstream;

import io.gatehouse.wire.Loop;
import io.gatehouse.wire.dns.AddressAnswer;
import io.gatehouse.wire.dns.DnsCode;
import io.gatehouse.wire.dns.DnsReport;
import io.gatehouse.wire.dns.Lookup;
import io.gatehouse.wire.dns.Resolver;
import io.gatehouse.wire.dns.ServiceAnswer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Answers from DNS, for requests and for {@code server ... resolve} lines ({@code resolver}). From any loop. */
public final class DnsResolver implements NameResolver, ServerResolver {
    /** For how long a name is taken not to exist, unless {@code valid=} says otherwise. */
    private static final long NOBODY_MILLIS = 10_000;

    private final Resolver resolver;
    private final DnsReport report;
    private final long nobodyMillis;

    DnsResolver(ResolverSpec spec, DnsReport report) {
        this.resolver = new Resolver(spec.settings(), report);
        this.report = report;
        this.nobodyMillis = spec.validSeconds() > 0 ? spec.validSeconds() * 1000 : NOBODY_MILLIS;
    }

    @Override
    public Question resolve(Loop loop, String name, long timeoutMillis, NameResolver.Answer answer) {
        Lookup lookup = resolver.addresses(loop, name, timeoutMillis, new AddressAnswer() {
            @Override
            public void found(List<InetAddress> addresses, long validUntil) {
                answer.found(addresses);
            }

            @Override
            public void failed(int code) {
                answer.failed(DnsCode.text(code));
            }
        });
        return lookup::cancel;
    }

    @Override
    public Question resolve(Loop loop, Server.Name name, long timeoutMillis, ServerResolver.Answer answer) {
        Lookup lookup = name.isService()
                ? resolver.services(
                        loop, name.host(), name.service(), timeoutMillis, new ServiceTargets(loop, name, answer))
                : resolver.addresses(loop, name.host(), timeoutMillis, new HostAddresses(loop, name, answer));
        return lookup::cancel;
    }

    private void failed(Loop loop, String what, int code, ServerResolver.Answer answer) {
        report.error(what + " could not be resolved (" + DnsCode.text(code) + ")");
        if (code == DnsCode.HOST_NOT_FOUND) {
            answer.found(List.of(), loop.wallMillis() + nobodyMillis);
        } else {
            answer.failed();
        }
    }

    void close() {
        resolver.close();
    }

    private final class HostAddresses implements AddressAnswer {
        private final Loop loop;
        private final Server.Name name;
        private final ServerResolver.Answer answer;

        HostAddresses(Loop loop, Server.Name name, ServerResolver.Answer answer) {
            this.loop = loop;
            this.name = name;
            this.answer = answer;
        }

        @Override
        public void found(List<InetAddress> addresses, long validUntil) {
            List<ServiceAddress> found = new ArrayList<>(addresses.size());
            for (InetAddress address : addresses) {
                found.add(ServiceAddress.plain(new InetSocketAddress(address, name.port())));
            }
            answer.found(found, validUntil);
        }

        @Override
        public void failed(int code) {
            DnsResolver.this.failed(loop, name.host(), code, answer);
        }
    }

    private final class ServiceTargets implements ServiceAnswer {
        private final Loop loop;
        private final Server.Name name;
        private final ServerResolver.Answer answer;

        ServiceTargets(Loop loop, Server.Name name, ServerResolver.Answer answer) {
            this.loop = loop;
            this.name = name;
            this.answer = answer;
        }

        @Override
        public void found(List<Target> targets, long validUntil) {
            List<ServiceAddress> found = new ArrayList<>(targets.size());
            for (Target target : targets) {
                found.add(new ServiceAddress(target.address(), target.name(), target.priority(), target.weight()));
            }
            answer.found(found, validUntil);
        }

        @Override
        public void failed(int code) {
            DnsResolver.this.failed(loop, "service " + name.service() + " of " + name.host(), code, answer);
        }
    }
}
