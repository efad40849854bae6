package io.gatehouse.upstream;

import io.gatehouse.wire.Loop;
import java.util.List;

/** Asks DNS for what {@code server ... resolve} lines name: a host, or with {@code service=} a service. From any loop. */
public interface ServerResolver {
    /** Takes what was found; on the loop that asked. */
    interface Answer {
        /**
         * @param addresses the addresses, none if the name does not exist
         * @param validUntil the wall-clock time in milliseconds when it is to be asked again
         */
        void found(List<ServiceAddress> addresses, long validUntil);

        /** DNS failed, which says nothing about the name. The log has been told. */
        void failed();
    }

    /**
     * Asks. The answer comes on {@code loop}, perhaps within the call; what went wrong is told the log.
     *
     * @param timeoutMillis {@code resolver_timeout}; 0 for none
     */
    NameResolver.Question resolve(Loop loop, Server.Name name, long timeoutMillis, Answer answer);
}
