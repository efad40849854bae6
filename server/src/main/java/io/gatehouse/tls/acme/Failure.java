package io.gatehouse.tls.acme;

import java.time.Instant;

/**
 * An attempt to get a certificate that failed.
 *
 * @param at when
 * @param issuer the authority's name in the configuration
 * @param words what was said, by the authority wherever it said something
 * @param meaning what that means and what to do; empty if there is nothing to add
 */
public record Failure(Instant at, String issuer, String words, String meaning) {}
