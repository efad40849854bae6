package io.gatehouse.module.process;

import static io.gatehouse.config.directive.Context.MAIN;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.Snapshot;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Word;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code user}. */
public final class UserDirective {
    private static final String NOBODY = "nobody";
    /** Debian's name for the group of nobody; elsewhere it is called as the user. */
    private static final String NOGROUP = "nogroup";

    /** Empty where it has no effect. */
    static final Directive<Optional<Account>> USER = directive("user")
            .in(MAIN)
            .takes(new Arity(1, 2), UserDirective::read)
            .syntax("user [group]")
            .says("Names the user, and the group if it is not called the same, as whom requests are served when root"
                    + " starts the server; nobody if none is named. What only root may do, which is to listen on low"
                    + " ports, to read keys and to open logs, is still done for a reload.")
            .example("user www-data;");

    private UserDirective() {}

    /**
     * As whom a configuration is to be served; null if that is who started the process.
     *
     * @throws ConfigException if the file names nobody and the system does not know nginx's default either
     */
    public static @Nullable Account of(Snapshot snapshot, Accounts accounts) {
        Optional<Account> said = snapshot.main().find(USER);
        if (said != null) {
            return said.orElse(null);
        }
        return accounts.startedByRoot() ? nobody(accounts) : null;
    }

    private static Account nobody(Accounts accounts) {
        Account user = accounts.user(NOBODY);
        if (user == null) {
            throw ConfigException.of(unknownUser(NOBODY))
                    .withHint("without \"user\" the server serves as nobody, as nginx does; say \"user NAME;\"");
        }
        int group = accounts.group(NOGROUP);
        return new Account(NOBODY, user.uid(), group >= 0 ? group : user.gid());
    }

    private static Optional<Account> read(Use use) {
        Accounts accounts = use.service(Accounts.class);
        if (!accounts.startedByRoot()) {
            use.warn("the \"user\" directive makes sense only if the master process runs with super-user privileges,"
                    + " ignored");
            return Optional.empty();
        }
        Word name = use.arguments().getFirst();
        Account user = accounts.user(name.text());
        if (user == null) {
            throw use.error(unknownUser(name.text()), name);
        }
        Word group = use.arguments().getLast();
        int gid = accounts.group(group.text());
        if (gid < 0) {
            String hint = use.count() == 1 ? "the user's group is not called so: name one behind the user" : "";
            String message = "getgrnam(\"" + group.text() + "\") failed";
            throw hint.isEmpty() ? use.error(message, group) : use.error(message, group, hint);
        }
        return Optional.of(new Account(name.text(), user.uid(), gid));
    }

    private static String unknownUser(String name) {
        return "getpwnam(\"" + name + "\") failed";
    }
}
