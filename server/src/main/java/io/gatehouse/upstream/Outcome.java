package io.gatehouse.upstream;

/** How an attempt at a peer ended, for the balancer's account of it. */
public enum Outcome {
    /** The peer answered, and the answer is passed on. */
    OK,
    /** It answered, but another peer is asked ({@code proxy_next_upstream http_403 http_404}); not a failure. */
    NEXT,
    /** It failed: counts for {@code max_fails} and lowers its weight for a while. */
    FAILED
}
