package io.gatehouse.exchange;

/**
 * How request heads are read; nginx's directives of the same names. Sizes in bytes, times in milliseconds.
 *
 * @param largeClientHeaderBuffers how many
 * @param largeClientHeaderBufferSize and of what size each
 * @param maxHeaders fields a head may have; 0 for no limit
 */
public record ServerSettings(
        int clientHeaderBufferSize,
        int largeClientHeaderBuffers,
        int largeClientHeaderBufferSize,
        long clientHeaderTimeout,
        int maxHeaders,
        boolean ignoreInvalidHeaders,
        boolean underscoresInHeaders,
        boolean mergeSlashes) {}
