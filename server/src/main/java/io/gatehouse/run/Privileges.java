package io.gatehouse.run;

import io.gatehouse.module.process.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The user as whom the process serves, and what it may do beyond that. Used by the thread of the process. See
 * docs/design/0010.
 */
final class Privileges {
    /** Something with a file. */
    @FunctionalInterface
    interface FileAct {
        void run() throws IOException;
    }

    /** Where the JVM listens for its tools; root alone may ask it for anything. */
    private static final Path ATTACH_SOCKET =
            Path.of("/tmp/.java_pid" + ProcessHandle.current().pid());

    private final boolean changeable;
    private @Nullable Account servesAs;
    private @Nullable Keeper keeper;

    /** @param changeable whether this process may become one of another user */
    Privileges(boolean changeable) {
        this.changeable = changeable;
    }

    /** Whether becoming that user is still to be done; from root one may still become another, as whom one stays. */
    boolean isToBecome(@Nullable Account account) {
        return changeable && account != null && (servesAs == null || servesAs.isRoot() && !account.isRoot());
    }

    /**
     * Gives root up, unless the account is root's. From then on nobody in this process is root.
     *
     * @throws IOException why not, in nginx's words; the process must end
     */
    void become(Account account) throws IOException {
        Keeper former = keeper;
        keeper = Keeper.serveAs(account);
        servesAs = account;
        if (former != null) {
            former.end();
        }
    }

    /** Whether the process was root's and is another's now. */
    boolean isAnother() {
        return servesAs != null && !servesAs.isRoot();
    }

    /** As whom it serves; null if that is who started it. */
    @Nullable
    Account servesAs() {
        return servesAs;
    }

    /** Does something that may need privileges; one that has begun is never left half done for an interrupt. */
    <T extends @Nullable Object> T call(Supplier<T> act) {
        return keeper == null ? act.get() : keeper.call(act);
    }

    /** The same for what may fail. */
    void doing(FileAct act) throws IOException {
        IOException failure = call(() -> {
            try {
                act.run();
                return null;
            } catch (IOException e) {
                return e;
            }
        });
        if (failure != null) {
            throw failure;
        }
    }

    void run(Runnable act) {
        boolean _ = call(() -> {
            act.run();
            return true;
        });
    }

    /** At the end of the process: removes what the JVM made as root and could not remove any more. */
    void end() {
        Account account = servesAs;
        if (account == null || account.isRoot()) {
            return;
        }
        try {
            doing(() -> {
                if (Files.exists(ATTACH_SOCKET)) {
                    // In a folder for everybody a file is removed by its owner only.
                    Files.setAttribute(ATTACH_SOCKET, "unix:uid", account.uid());
                    Files.delete(ATTACH_SOCKET);
                }
            });
        } catch (IOException e) {
            // It is of no use to anybody.
        }
    }
}
