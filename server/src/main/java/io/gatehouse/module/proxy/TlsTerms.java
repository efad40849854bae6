package io.gatehouse.module.proxy;

import io.gatehouse.tls.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a connection over TLS was made: what two requests must have in common to use one.
 *
 * @param serverName that was asked for, or null
 * @param checkedName that the certificate has to be for; null if it is not verified
 * @param credentials that were chosen for the request; null if the recipe has them, or none are shown
 * @param reuse whether sessions are resumed
 * @param tag of the place, where a connection serves only that
 */
record TlsTerms(
        TlsRecipe recipe,
        @Nullable String serverName,
        @Nullable String checkedName,
        @Nullable Credentials credentials,
        boolean reuse,
        @Nullable String tag) {}
