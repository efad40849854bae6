package io.gatehouse.module.tryfiles;

import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.files.FileFacts;
import io.gatehouse.files.ServedFiles;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * One {@code try_files}.
 *
 * @param target where to go on if there is none of the files
 * @param code the status of {@code =code}; 0 to go to the target, as does {@code =0} in nginx
 */
record TryFiles(Candidate[] candidates, Template target, int code) implements Handler {
    /** A file or folder to look for. */
    record Candidate(Template name, boolean folder) {}

    @Override
    public Outcome handle(Exchange x) {
        if (!FilePaths.isMapped(x)) {
            return Outcome.status(500);
        }
        String root = FilePaths.folder(x);
        for (Candidate candidate : candidates) {
            String name = name(x, candidate.name());
            FileFacts facts = look(x, root + name);
            if (facts != null && facts.isDirectory() == candidate.folder()) {
                use(x, name, candidate.folder());
                return Outcome.NEXT;
            }
        }
        if (code != 0) {
            return Outcome.status(code);
        }
        String uri = name(x, target);
        if (uri.startsWith("@")) {
            return Outcome.named(uri);
        }
        int mark = uri.indexOf('?');
        return mark < 0 ? Outcome.uri(uri, null) : Outcome.uri(uri.substring(0, mark), uri.substring(mark + 1));
    }

    /**
     * What stands behind the root. Where a prefix is aliased, a name with variables that begins with it loses it, as in
     * nginx: also the last one, which is no file.
     */
    private static String name(Exchange x, Template template) {
        String name = template.eval(x);
        int aliased = x.location.core.aliased();
        if (aliased > 0 && !template.isConstant() && name.regionMatches(0, x.uri, 0, aliased)) {
            return name.substring(aliased);
        }
        return name;
    }

    private static @Nullable FileFacts look(Exchange x, String path) {
        try {
            return ServedFiles.look(x, path);
        } catch (ErrnoException e) {
            switch (e.number()) {
                case Errno.ENOENT, Errno.ENOTDIR, Errno.ENAMETOOLONG -> {}
                default -> x.log(Level.CRIT, e.call() + "() \"" + path + "\" failed (" + e.getMessage() + ")");
            }
            return null;
        }
    }

    private static void use(Exchange x, String name, boolean folder) {
        CoreSettings core = x.location.core;
        if (core.alias() == null) {
            x.uri = name;
        } else if (core.aliased() >= 0) {
            x.uri = x.uri.substring(0, Math.min(core.aliased(), x.uri.length())) + name;
        } else if (!folder) {
            x.uri = name;
            x.attachments.put(FilePaths.BEHIND_ALIAS, true);
        }
    }
}
