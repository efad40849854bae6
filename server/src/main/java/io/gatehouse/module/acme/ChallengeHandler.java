package io.gatehouse.module.acme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.observe.log.Level;
import io.gatehouse.tls.acme.Challenges;
import io.netty.buffer.ByteBuf;

/**
 * Answers an authority that looks whether a name is ours (http-01, RFC 8555, 8.3), before the server has a say: whatever it
 * redirects, refuses or asks passwords for. What no authority waits for goes the normal way. On the loop of the exchange.
 */
record ChallengeHandler(Challenges challenges) implements Handler {
    @Override
    public Outcome handle(Exchange x) {
        if (!x.uri.startsWith(Challenges.HTTP_PATH) || !x.method.equals("GET") && !x.isHead()) {
            return Outcome.NEXT;
        }
        String answer = challenges.overHttp(x.uri.substring(Challenges.HTTP_PATH.length()));
        if (answer == null) {
            return Outcome.NEXT;
        }
        int refused = x.body.discard();
        if (refused != 0) {
            return Outcome.status(refused);
        }
        x.log(Level.INFO, "an authority asks for an http-01 challenge");
        byte[] body = answer.getBytes(US_ASCII);
        x.response.status = 200;
        x.response.contentType = "text/plain";
        x.response.contentLength = body.length;
        if (x.sendHead()) {
            ByteBuf buffer = x.loop.buffer(body.length);
            x.send(buffer.writeBytes(body));
            x.end();
        }
        return Outcome.DONE;
    }
}
