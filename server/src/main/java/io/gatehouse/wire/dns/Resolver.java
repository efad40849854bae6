package io.gatehouse.wire.dns;

import io.gatehouse.wire.Loop;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Asks name servers as nginx's resolver does. It lives on the loop that asks first; other loops' questions go there, but
 * what is known is answered on the spot. From any loop.
 */
public final class Resolver {
    private final ResolverSettings settings;
    private final DnsReport report;
    private final Cache cache = new Cache();
    private final AtomicReference<@Nullable Home> home = new AtomicReference<>();

    /** @param report hears of answers that make no sense, and servers that cannot be reached */
    public Resolver(ResolverSettings settings, DnsReport report) {
        this.settings = settings;
        this.report = report;
    }

    public ResolverSettings settings() {
        return settings;
    }

    /**
     * Asks for the addresses of a host. The answer comes on {@code loop}, perhaps within the call.
     *
     * @param timeoutMillis after which the answer is {@link DnsCode#TIMED_OUT}; 0 for never
     */
    public Lookup addresses(Loop loop, String host, long timeoutMillis, AddressAnswer answer) {
        String name = DnsNames.normal(host);
        Known.Addresses known = cache.addresses(name, loop.nanos());
        if (known != null) {
            answer.found(known.rotated(), loop.wallMillis() + (known.validUntil() - loop.nanos()) / 1_000_000);
            return Lookup.DONE;
        }
        AddressLookup lookup = new AddressLookup(home(loop), loop, answer);
        lookup.home.run(() -> lookup.start(name, timeoutMillis));
        return lookup;
    }

    /**
     * Asks for a service of a host, and the addresses of those who give it. The answer comes on {@code loop}, perhaps within
     * the call.
     *
     * @param service {@code http} for {@code _http._tcp}, or with a dot the whole of it
     * @param timeoutMillis for each name
     */
    public Lookup services(Loop loop, String host, String service, long timeoutMillis, ServiceAnswer answer) {
        ServiceLookup lookup = new ServiceLookup(home(loop), loop, host, service, timeoutMillis, answer);
        lookup.home.run(lookup::start);
        return lookup;
    }

    private Home home(Loop loop) {
        Home known = home.get();
        if (known != null) {
            return known;
        }
        Home mine = new Home(loop, settings, report, cache);
        Home first = home.compareAndExchange(null, mine);
        return first == null ? mine : first;
    }

    /** Closes its sockets; nobody waits any more. From any thread. */
    public void close() {
        Home mine = home.get();
        if (mine != null) {
            mine.run(mine::close);
        }
    }
}
