package io.gatehouse.config.build;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** The folders for temporary files that a configuration uses: whoever serves must be able to write there. */
public final class TempFolders {
    private final Set<Path> folders = new LinkedHashSet<>();

    /** Takes note of a folder; returns it. Used by the one thread that builds. */
    public static Path add(LocationBuild place, Path folder) {
        place.shared(TempFolders.class, TempFolders::new).folders.add(folder);
        return folder;
    }

    /** Each once, in the order of the file. */
    public static Set<Path> of(Snapshot snapshot) {
        TempFolders known = snapshot.shared(TempFolders.class);
        return known == null ? Set.of() : Collections.unmodifiableSet(known.folders);
    }
}
