package io.gatehouse.wire.tls;

import java.lang.ref.Cleaner;

/** Frees what Java objects hold beyond their own memory once they are gone. */
final class NativeMemory {
    static final Cleaner CLEANER = Cleaner.create();

    private NativeMemory() {}
}
