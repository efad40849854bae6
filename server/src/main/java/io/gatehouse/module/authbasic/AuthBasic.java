package io.gatehouse.module.authbasic;

import io.gatehouse.exchange.BasicCredentials;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.SystemError;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a user and a password. The file is read and the password hashed on threads of their own, while the request waits.
 *
 * @param folder what a relative path is put behind; ends with a slash
 */
record AuthBasic(Template realm, Template file, String folder) implements Handler {
    @Override
    public Outcome handle(Exchange x) {
        String name = realm.eval(x);
        if (name.equals("off")) {
            return Outcome.NEXT;
        }
        BasicCredentials credentials = BasicCredentials.of(x);
        if (credentials == null) {
            x.log(Level.INFO, "no user/password was provided for basic authentication");
            return challenge(x, name);
        }
        String said = file.eval(x);
        String path = said.startsWith("/") ? said : folder + said;
        try {
            Path at = FilePaths.path(path);
            PasswordThreads.execute(() -> {
                Verdict verdict = look(at, credentials);
                x.loop.execute(() -> x.resume(finish(x, name, path, credentials.user(), verdict)));
            });
        } catch (InvalidPathException e) {
            x.log(Level.ERROR, "open() \"" + path + "\" failed (2: No such file or directory)");
            return Outcome.status(403);
        } catch (RejectedExecutionException e) {
            x.log(Level.ERROR, "too many passwords wait to be checked");
            return Outcome.status(503);
        }
        return Outcome.WAITING;
    }

    /** What the file says. {@code trouble} and {@code status} where it says nothing. */
    private record Verdict(
            boolean known,
            boolean right,
            int status,
            @Nullable String call,
            @Nullable String trouble) {
        static Verdict failed(int status, @Nullable String call, @Nullable String trouble) {
            return new Verdict(false, false, status, call, trouble);
        }
    }

    private static Verdict look(Path at, BasicCredentials credentials) {
        String hash;
        try {
            hash = UserFile.find(at, credentials.user());
        } catch (NoSuchFileException e) {
            return Verdict.failed(403, "open()", SystemError.of(e));
        } catch (IOException e) {
            // a folder can be opened, but not be read
            String call = "Is a directory".equals(e.getMessage()) ? "read()" : "open()";
            return Verdict.failed(500, call, SystemError.of(e));
        }
        if (hash == null) {
            return new Verdict(false, false, 0, null, null);
        }
        try {
            return new Verdict(true, PasswordHash.matches(credentials.password(), hash), 0, null, null);
        } catch (PasswordHash.NotComputable e) {
            return Verdict.failed(500, null, e.getMessage());
        }
    }

    private static Outcome finish(Exchange x, String realm, String path, String user, Verdict verdict) {
        if (x.isDone()) {
            return Outcome.DONE;
        }
        if (verdict.status() != 0) {
            String call = verdict.call();
            x.log(
                    verdict.status() == 403 ? Level.ERROR : Level.CRIT,
                    (call == null ? "" : call + " \"" + path + "\" failed ") + verdict.trouble());
            return Outcome.status(verdict.status());
        }
        if (verdict.right()) {
            return Outcome.GRANTED;
        }
        x.log(
                Level.ERROR,
                verdict.known()
                        ? "user \"" + user + "\": password mismatch"
                        : "user \"" + user + "\" was not found in \"" + path + "\"");
        return challenge(x, realm);
    }

    private static Outcome challenge(Exchange x, String realm) {
        x.response.headers.set(FieldName.WWW_AUTHENTICATE, "Basic realm=\"" + realm + "\"");
        return Outcome.status(401);
    }
}
