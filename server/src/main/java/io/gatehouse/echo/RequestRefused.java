package io.gatehouse.echo;

import java.io.IOException;

/** A request that cannot be answered as it is; says with which status it is refused, and to whom it may concern why. */
final class RequestRefused extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    RequestRefused(int status, String why) {
        super(why);
        this.status = status;
    }

    static RequestRefused bad(String why) {
        return new RequestRefused(400, why);
    }

    int status() {
        return status;
    }

    /** One sentence for the client; what it quotes of the request is an octet string. */
    String why() {
        return String.valueOf(getMessage());
    }
}
