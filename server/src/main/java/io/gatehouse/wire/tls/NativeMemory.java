package io.gatehouse.wire.tls;

import java.lang.ref.Cleaner;

/** Frees what Java objects hold beyond their own memory once they are gone. */
public final class NativeMemory {
    static final Cleaner CLEANER = Cleaner.create();

    private NativeMemory() {}

    /** Starts the thread that does it, for the sake of those who may start none later. */
    public static void prepare() {
        Cleaner _ = CLEANER;
    }
}
