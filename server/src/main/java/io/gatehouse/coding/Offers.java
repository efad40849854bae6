package io.gatehouse.coding;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.SettingsKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The codings with which a place compresses answers, the one it likes best first. */
public record Offers(List<Offer> all) {
    static final SettingsKey<Offers> KEY = SettingsKey.of(Offers.class);

    /** Adds one behind those that the place has already, which it prefers among equals. */
    public static void add(LocationBuild place, Offer offer) {
        Offers before = place.settings(KEY);
        List<Offer> all = new ArrayList<>(before == null ? List.of() : before.all);
        if (before == null) {
            place.headerFilter(CompressionFilter.ONLY);
        }
        all.add(offer);
        place.settings(KEY, new Offers(List.copyOf(all)));
        Vary.offered(place, offer.rules() != null);
    }

    /** Whether the place has gzip alone, so that nginx's reading of Accept-Encoding holds. */
    private boolean isPlain() {
        return all.size() == 1 && all.get(0).rules() != null;
    }

    /** Whether one of them covers an answer of that type and length. */
    boolean cover(@Nullable String type, long length) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).covers(type, length)) {
                return true;
            }
        }
        return false;
    }

    Offer get(int index) {
        return all.get(index);
    }

    /**
     * The one that the client likes best of those that cover its answer, and the first among equals.
     *
     * @param without a bit for each that cannot be had now
     * @return its index; -1 where the client likes the bare body better, or takes none
     */
    int choose(Exchange x, @Nullable String type, long length, int without) {
        if (isPlain()) {
            ClientRules rules = all.get(0).rules();
            return without == 0 && all.get(0).covers(type, length) && rules != null && rules.allow(x) ? 0 : -1;
        }
        Headers request = x.request;
        int best = -1;
        // as good as the bare body where that was named is good enough: the client takes both
        int bestWeight = Math.max(1, AcceptEncoding.identity(request));
        for (int i = 0; i < all.size(); i++) {
            Offer offer = all.get(i);
            if ((without & 1 << i) != 0 || !offer.covers(type, length)) {
                continue;
            }
            int weight = AcceptEncoding.weight(request, offer.coding());
            ClientRules rules = offer.rules();
            if ((best < 0 ? weight >= bestWeight : weight > bestWeight)
                    && (rules == null || rules.allowRegardless(x))) {
                best = i;
                bestWeight = weight;
            }
        }
        return best;
    }
}
