package io.gatehouse.config.build;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What relative paths of a configuration are relative to.
 *
 * @param prefix {@code -p}: logs, roots, temporary files
 * @param conf the folder of the configuration file: includes, certificates
 * @param confFile the configuration file
 */
public record Paths(Path prefix, Path conf, Path confFile) {
    /**
     * The folder for what this user's servers keep: the one that the system property {@code gatehouse.state} names, that of
     * {@code XDG_STATE_HOME}, else the machine's for root, and one of their home for others. It need not be there.
     */
    public static Path state() {
        String named = System.getProperty("gatehouse.state", "");
        String home = System.getenv("XDG_STATE_HOME");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        if (home != null && !home.isEmpty()) {
            return Path.of(home, "gatehouse");
        }
        return "root".equals(System.getProperty("user.name"))
                ? Path.of("/var/lib/gatehouse")
                : Path.of(System.getProperty("user.home"), ".local/state/gatehouse");
    }

    /** A path under the prefix from an octet string. */
    public Path underPrefix(String octets) {
        return prefix.resolve(fromOctets(octets));
    }

    /** A path under the configuration's folder from an octet string. */
    public Path underConf(String octets) {
        return conf.resolve(fromOctets(octets));
    }

    /** The text of a path whose bytes are those of the octet string. */
    public static String fromOctets(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
