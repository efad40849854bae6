package io.gatehouse.module.proxy;

import io.gatehouse.exchange.BodyStore;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.RequestBody;
import io.gatehouse.module.proxy.ProxyTarget.Place;

/** Answers by asking an application; the content handler of {@code proxy_pass}. */
final class ProxyHandler implements Handler, BodyStore.Next {
    private final ProxySettings settings;

    ProxyHandler(ProxySettings settings) {
        this.settings = settings;
    }

    @Override
    public Outcome handle(Exchange x) {
        RequestBody body = x.body;
        if (x.storedBody == null && !body.isStarted() && body.length() != 0) {
            if (!streams(x)) {
                BodyStore.read(x, this);
                return Outcome.DONE;
            }
            pass(x, true);
            return Outcome.DONE;
        }
        if (!body.isStarted() && x.storedBody == null && !x.request.has(FieldName.EXPECT)) {
            // nothing comes, and nobody has to keep it
            pass(x, false);
            return Outcome.DONE;
        }
        BodyStore.read(x, this);
        return Outcome.DONE;
    }

    /** Whether the body goes on to the application as it comes. */
    private boolean streams(Exchange x) {
        return !settings.requestBuffering
                && settings.passBody
                && settings.body == null
                && (x.body.length() >= 0 || settings.head.isHttp11());
    }

    @Override
    public void bodyStored(Exchange x) {
        pass(x, false);
    }

    @Override
    public void bodyFailed(Exchange x, int status) {
        if (status != 0) {
            x.resume(Outcome.status(status));
        }
    }

    private void pass(Exchange x, boolean streaming) {
        x.upstreamFields = null;
        x.upstreamTrailers = null;
        Place place = settings.target.place(x, settings);
        if (place == null) {
            x.resume(Outcome.status(500));
            return;
        }
        Passage passage = new Passage(x, settings, place, streaming);
        x.attachments.put(ProxyVariables.PLACE, place);
        passage.begin();
    }
}
