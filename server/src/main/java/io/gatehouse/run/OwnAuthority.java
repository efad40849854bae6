package io.gatehouse.run;

import io.gatehouse.config.build.Snapshot;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.localca.LocalAuthority;
import java.util.function.BiConsumer;

/** The local authority of a configuration that has servers with certificates of it. */
final class OwnAuthority {
    private OwnAuthority() {}

    /**
     * Opens it, by who may read its key, or makes it at the first use; nothing where no server needs it. Blocks.
     *
     * @param teller hears why not
     */
    static boolean open(Snapshot snapshot, BiConsumer<Level, String> teller) {
        LocalAuthority authority = snapshot.shared(LocalAuthority.class);
        if (authority == null) {
            return true;
        }
        try {
            LocalAuthority.Opened opened = authority.open();
            opened.warnings().forEach(warning -> teller.accept(Level.WARN, warning));
            if (opened.made()) {
                teller.accept(
                        Level.NOTICE,
                        "a local authority was made, \"gatehouse trust\" has this machine trust it: "
                                + Exchange.octets(authority.file().toString()));
            }
            return true;
        } catch (LoadException e) {
            teller.accept(Level.EMERG, e.message());
            return false;
        }
    }
}
