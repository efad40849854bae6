package io.gatehouse.coding;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.files.FileBody;
import io.gatehouse.files.OpenFile;
import io.gatehouse.files.ServedFiles;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** Answers with a file that was compressed beforehand, where the client takes it; else leaves the request to the next handler. */
public final class StaticCodings implements Handler {
    private static final SettingsKey<Known> KEY = SettingsKey.of(Known.class);
    private static final StaticCodings ONLY = new StaticCodings();

    /** What a place has, the one it likes best first. */
    private record Known(List<StaticOffer> offers) {}

    private StaticCodings() {}

    /** Adds one behind those that the place has already, which it prefers among equals. */
    public static void add(LocationBuild place, StaticOffer offer) {
        Known before = place.settings(KEY);
        List<StaticOffer> all = new ArrayList<>(before == null ? List.of() : before.offers);
        if (before == null) {
            place.content(ONLY);
        }
        all.add(offer);
        place.settings(KEY, new Known(List.copyOf(all)));
        Vary.offered(place, offer.rules() != null);
    }

    @Override
    public Outcome handle(Exchange x) {
        Known known = x.location.settings(KEY);
        if (known == null || !x.method.equals("GET") && !x.isHead() || x.uri.endsWith("/")) {
            return Outcome.NEXT;
        }
        List<StaticOffer> offers = known.offers;
        int tried = 0;
        int next = best(x, offers, tried);
        if (next < 0 && !Vary.isTold(x)) {
            return Outcome.NEXT;
        }
        String path = FilePaths.of(x, x.uri);
        if (path == null) {
            return Outcome.status(500);
        }
        while (next >= 0) {
            tried |= 1 << next;
            Outcome outcome =
                    answer(x, offers.get(next), path + offers.get(next).suffix());
            if (outcome != Outcome.NEXT) {
                return outcome;
            }
            next = best(x, offers, tried);
        }
        tellOfOthers(x, offers, tried, path);
        return Outcome.NEXT;
    }

    /** The one the client likes best of those that were not tried; -1 for none that it takes. */
    private static int best(Exchange x, List<StaticOffer> offers, int tried) {
        boolean plain = offers.size() == 1;
        int best = -1;
        int bestWeight = 0;
        for (int i = 0; i < offers.size(); i++) {
            if ((tried & 1 << i) == 0) {
                int weight = weight(x, offers.get(i), plain);
                if (weight > bestWeight) {
                    best = i;
                    bestWeight = weight;
                }
            }
        }
        return best;
    }

    private static int weight(Exchange x, StaticOffer offer, boolean plain) {
        if (offer.when() == StaticOffer.When.ALWAYS) {
            return 1;
        }
        ClientRules rules = offer.rules();
        if (rules != null && plain) {
            return rules.allow(x) ? 1 : 0;
        }
        return x.isSubrequest() || rules != null && !rules.allowRegardless(x)
                ? 0
                : AcceptEncoding.weight(x.request, offer.coding());
    }

    /** Somebody else might have got another file. */
    private static void tellOfOthers(Exchange x, List<StaticOffer> offers, int tried, String path) {
        if (!Vary.isTold(x)) {
            return;
        }
        for (int i = 0; i < offers.size(); i++) {
            if ((tried & 1 << i) == 0 && exists(x, path + offers.get(i).suffix())) {
                Vary.add(x);
                return;
            }
        }
    }

    private static boolean exists(Exchange x, String path) {
        try {
            return ServedFiles.look(x, path).isRegular();
        } catch (ErrnoException e) {
            return false;
        }
    }

    private static Outcome answer(Exchange x, StaticOffer offer, String path) {
        OpenFile file;
        try {
            file = ServedFiles.open(x, path);
        } catch (ErrnoException e) {
            tellTrouble(x, path, e);
            return Outcome.NEXT;
        }
        if (offer.when() == StaticOffer.When.ON) {
            Vary.add(x);
        }
        if (file.facts().isDirectory()) {
            return Outcome.NEXT;
        }
        FileChannel channel = file.channel();
        if (channel == null) {
            x.log(Level.CRIT, "\"" + path + "\" is not a regular file");
            return Outcome.status(404);
        }
        x.whenDone(file::close);
        int refused = x.body.discard();
        if (refused != 0) {
            return Outcome.status(refused);
        }
        x.action = "sending response to client";
        x.response.headers.set(FieldName.CONTENT_ENCODING, offer.coding());
        if (FileBody.sendHead(x, file.facts())) {
            FileBody.send(x, channel, file.facts().size());
        }
        return Outcome.DONE;
    }

    private static void tellTrouble(Exchange x, String path, ErrnoException e) {
        switch (e.number()) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ENAMETOOLONG -> {}
            case Errno.EACCES, Errno.ELOOP ->
                x.log(Level.ERROR, e.call() + "() \"" + path + "\" failed (" + e.getMessage() + ")");
            default -> x.log(Level.CRIT, e.call() + "() \"" + path + "\" failed (" + e.getMessage() + ")");
        }
    }
}
