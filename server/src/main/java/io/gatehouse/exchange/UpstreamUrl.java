package io.gatehouse.exchange;

/** Tells where an attempt to reach an application goes to; made into text only where a line is logged. */
@FunctionalInterface
public interface UpstreamUrl {
    /** "http://127.0.0.1:3100/path". */
    String upstreamUrl();
}
