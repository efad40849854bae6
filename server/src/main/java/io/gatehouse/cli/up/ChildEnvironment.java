package io.gatehouse.cli.up;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The environment of an application that {@code --run} starts: what both sides have to agree on. What the user has set
 * stays.
 */
public final class ChildEnvironment {
    private static final String PUBLIC_URL = "PAPERCLIP_PUBLIC_URL";

    private ChildEnvironment() {}

    /**
     * What is to be added to, or put in place of, the present environment.
     *
     * @param authority the file of the authority of this machine, which programs of Node do not know; null for none
     */
    public static Map<String, String> additions(
            Site site, Map<String, String> present, @Nullable RunAs user, @Nullable String authority) {
        Map<String, String> ours = new LinkedHashMap<>();
        int colon = site.to().lastIndexOf(':');
        String host = site.to().substring(0, colon).replace("[", "").replace("]", "");
        ours.put("HOST", host);
        ours.put("PORT", site.to().substring(colon + 1));
        ours.put(PUBLIC_URL, site.url());
        // By itself it believes the names without a port, and with its own.
        ours.put("BETTER_AUTH_TRUSTED_ORIGINS", String.join(",", site.urls()));
        if (!site.names().isEmpty()) {
            ours.put(
                    "PAPERCLIP_ALLOWED_HOSTNAMES",
                    site.names().stream().map(SiteName::text).collect(Collectors.joining(",")));
        }
        // Whoever comes has to sign in, and only names that it knows are served.
        ours.put("PAPERCLIP_DEPLOYMENT_MODE", "authenticated");
        ours.put("PAPERCLIP_DEPLOYMENT_EXPOSURE", "private");
        if (host.startsWith("127.") || host.equals("::1") || host.equals("localhost")) {
            // It may believe what this proxy says of clients.
            ours.put("TRUST_PROXY", "loopback");
            ours.put("CLAUDE_LOGIN_TRUSTED_PROXIES", "127.0.0.1,::1");
        }
        if (authority != null) {
            ours.put("NODE_EXTRA_CA_CERTS", authority);
        }
        ours.keySet().removeIf(name -> isSet(present, name) && !(name.equals("PORT") && site.isBehind()));
        if (user != null) {
            ours.put("HOME", user.home());
            ours.put("USER", user.name());
            ours.put("LOGNAME", user.name());
            ours.put("SHELL", user.shell());
        }
        return ours;
    }

    private static boolean isSet(Map<String, String> present, String name) {
        String value = present.get(name);
        return value != null && !value.isBlank();
    }

    /** What does not fit in what the user has set; null if all does. */
    public static @Nullable String conflict(Site site, Map<String, String> present) {
        String said = present.get(PUBLIC_URL);
        if (said == null
                || said.isBlank()
                || said.strip().replaceFirst("/+$", "").equals(site.url())) {
            return null;
        }
        return PUBLIC_URL + " is set to " + said + ", so Paperclip will refuse sign-ins that come from " + site.url()
                + "; leave it unset, and it is set to that";
    }
}
