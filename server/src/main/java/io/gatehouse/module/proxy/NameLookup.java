package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.module.proxy.ProxyTarget.Place;
import io.gatehouse.observe.log.Level;
import io.gatehouse.upstream.HostUrl;
import io.gatehouse.upstream.NameResolver;
import io.gatehouse.upstream.Peers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the addresses of a host that variables made, for one passage. */
final class NameLookup implements NameResolver.Answer {
    private final Passage passage;
    private final Place place;
    private NameResolver.@Nullable Question question;
    private boolean answered;

    private NameLookup(Passage passage, Place place) {
        this.passage = passage;
        this.place = place;
    }

    /** Begins; null if the passage went on, or ended, within the call. */
    static @Nullable NameLookup begin(Passage passage, Place place) {
        HostUrl url = place.url();
        SocketAddress literal = url.literal();
        if (literal != null) {
            passage.choose(Peers.of(url.host(), List.of(literal)));
            return null;
        }
        Exchange x = passage.x;
        NameResolver resolver = passage.settings.resolver.resolver();
        if (resolver == null) {
            x.log(Level.ERROR, "no resolver defined to resolve " + url.host());
            passage.finish(502);
            return null;
        }
        NameLookup lookup = new NameLookup(passage, place);
        NameResolver.Question asked =
                resolver.resolve(x.loop, url.host(), passage.settings.resolver.timeoutMillis(), lookup);
        if (lookup.answered) {
            return null;
        }
        lookup.question = asked;
        return lookup;
    }

    @Override
    public void found(List<InetAddress> addresses) {
        answered = true;
        List<SocketAddress> peers = new ArrayList<>(addresses.size());
        for (InetAddress address : addresses) {
            peers.add(new InetSocketAddress(address, place.url().port()));
        }
        passage.choose(Peers.of(place.url().host(), peers));
    }

    @Override
    public void failed(String reason) {
        answered = true;
        passage.x.log(Level.ERROR, place.url().host() + " could not be resolved (" + reason + ")");
        passage.finish(502);
    }

    void cancel() {
        if (question != null && !answered) {
            answered = true;
            question.cancel();
        }
    }
}
