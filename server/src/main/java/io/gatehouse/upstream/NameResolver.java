package io.gatehouse.upstream;

import io.gatehouse.wire.Loop;
import java.net.InetAddress;
import java.util.List;

/** Resolves names while requests wait ({@code resolver}). From any loop. */
@FunctionalInterface
public interface NameResolver {
    /** Takes what was found; on the loop that asked. */
    interface Answer {
        /** The addresses, at least one, rotated so that they take turns. */
        void found(List<InetAddress> addresses);

        /**
         * @param reason nginx's words and number: {@code 3: Host not found}, {@code 110: Operation timed out}
         */
        void failed(String reason);
    }

    /** A question under way. */
    interface Question {
        /** No answer is wanted any more; none comes. */
        void cancel();
    }

    /**
     * Asks for a name's addresses. The answer comes on {@code loop}, perhaps within the call.
     *
     * @param timeoutMillis {@code resolver_timeout}
     */
    Question resolve(Loop loop, String name, long timeoutMillis, Answer answer);
}
