package io.gatehouse.coding;

import io.gatehouse.wire.SideThreads;

/**
 * The threads on which large bodies are coded. A body gives in one {@link Step} at a time and stands at the end of the line
 * again for the next, so that all of them go on at the same pace. The line is as long as there are bodies under way, whose
 * memory {@link CodingMemory} bounds.
 */
final class CodingThreads {
    private static final SideThreads THREADS = SideThreads.ofHalfTheProcessors("coding", Integer.MAX_VALUE);

    private CodingThreads() {}

    static void execute(Runnable step) {
        THREADS.execute(step);
    }
}
