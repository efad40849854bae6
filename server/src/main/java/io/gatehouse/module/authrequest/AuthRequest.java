package io.gatehouse.module.authrequest;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Subrequest;
import io.gatehouse.exchange.Template;
import io.gatehouse.exchange.Variable;
import io.gatehouse.observe.log.Level;

/** Asks a subrequest whether a request may go on. */
record AuthRequest(String uri, Assignment[] assignments) implements Handler {
    /** One {@code auth_request_set}. */
    record Assignment(Variable variable, Template value) {}

    @Override
    public Outcome handle(Exchange x) {
        return Subrequest.begin(x, uri, subrequest -> {
            // at once, so that they are there after a redirect, too
            for (Assignment assignment : assignments) {
                assignment.variable().set(x, assignment.value().eval(subrequest));
            }
            return judge(x, subrequest);
        });
    }

    private static Outcome judge(Exchange x, Exchange subrequest) {
        int status = subrequest.isHeadSent() ? subrequest.response.status : 0;
        if (status == 403) {
            return Outcome.status(403);
        }
        if (status == 401) {
            challenge(x, subrequest);
            return Outcome.status(401);
        }
        if (status >= 200 && status < 300) {
            return Outcome.GRANTED;
        }
        x.log(Level.ERROR, "auth request unexpected status: " + status);
        return Outcome.status(500);
    }

    /** Passes on how the client may tell who it is. */
    private static void challenge(Exchange x, Exchange subrequest) {
        Headers from = subrequest.response.headers;
        if (from.find(FieldName.WWW_AUTHENTICATE) < 0 && subrequest.upstreamFields != null) {
            from = subrequest.upstreamFields;
        }
        for (int i = from.find(FieldName.WWW_AUTHENTICATE); i >= 0; i = from.find(FieldName.WWW_AUTHENTICATE, i + 1)) {
            x.response.headers.addFrom(from, i);
        }
    }
}
