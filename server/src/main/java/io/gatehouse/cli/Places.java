package io.gatehouse.cli;

import io.gatehouse.config.build.Paths;
import io.gatehouse.wire.Errno;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where things are when the command line does not say: the operator's configuration, and a folder for what the server
 * writes.
 */
final class Places {
    private static final Path OWN_CONF = Path.of("/etc/gatehouse/gatehouse.conf");
    private static final Path NGINX_CONF = Path.of("/etc/nginx/nginx.conf");

    private Places() {}

    static Paths of(Invocation invocation) throws IOException {
        Path prefix = invocation.prefix == null
                ? state()
                : Path.of(invocation.prefix).toAbsolutePath().normalize();
        Path conf;
        if (invocation.conf != null) {
            conf = (invocation.prefix == null ? Path.of("").toAbsolutePath() : prefix)
                    .resolve(invocation.conf)
                    .normalize();
        } else if (invocation.prefix != null) {
            conf = prefix.resolve("conf/nginx.conf");
        } else {
            conf = !Files.exists(OWN_CONF) && Files.exists(NGINX_CONF) ? NGINX_CONF : OWN_CONF;
        }
        Path folder = conf.getParent();
        return new Paths(prefix, folder == null ? prefix : folder, conf);
    }

    /** The folder for logs, temporary files and the pid file of a server that was not told another prefix; made if missing. */
    static Path state() throws IOException {
        Path state = Paths.state();
        try {
            Files.createDirectories(state.resolve("logs"));
        } catch (FileSystemException e) {
            throw new IOException("mkdir() \"" + e.getFile() + "\" failed (" + Errno.text(e) + ")", e);
        }
        return state;
    }
}
