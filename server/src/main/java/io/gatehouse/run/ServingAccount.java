package io.gatehouse.run;

import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.build.TempFolders;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.module.process.Account;
import io.gatehouse.observe.log.Level;
import io.gatehouse.tls.acme.Acme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Makes the process, and the folders that it writes to, the account's that a configuration wants to serve as. */
final class ServingAccount {
    private final Privileges privileges;

    ServingAccount(Privileges privileges) {
        this.privileges = privileges;
    }

    /** Gives root up where the account is another's, once everything is open that only root may open. */
    boolean become(@Nullable Account account, Snapshot snapshot, BiConsumer<Level, String> teller) {
        if (account == null) {
            return true;
        }
        Set<Path> temporary = TempFolders.of(snapshot);
        Set<Path> folders = new LinkedHashSet<>(temporary);
        Acme acme = snapshot.shared(Acme.class);
        if (acme != null) {
            folders.addAll(acme.folders());
        }
        boolean becomes = privileges.isToBecome(account);
        Account owner = becomes ? account : Objects.requireNonNull(privileges.servesAs());
        String trouble = privileges.call(() -> FolderOwner.give(folders, owner));
        if (trouble != null) {
            teller.accept(Level.EMERG, trouble);
            return false;
        }
        if (!becomes) {
            return true;
        }
        try {
            OwnFiles.open();
            privileges.become(account);
        } catch (IOException e) {
            teller.accept(Level.EMERG, String.valueOf(e.getMessage()));
            return false;
        }
        String unreadable = OwnFiles.unreadableJava();
        if (unreadable != null) {
            teller.accept(Level.WARN, "\"" + unreadable + "\" is not readable for the user \"" + account.name() + "\"");
        }
        for (Path folder : temporary) {
            // Its own folder, in one that it may not enter.
            if (!Files.isWritable(folder)) {
                teller.accept(
                        Level.WARN,
                        "\"" + Exchange.octets(folder.toString()) + "\" is out of reach for the user \""
                                + account.name()
                                + "\": a folder above it is closed to others, and what has to be buffered there will"
                                + " fail");
            }
        }
        return true;
    }
}
