package io.gatehouse.cli.trust;

import io.gatehouse.cli.trust.Outcome.Kind;
import io.gatehouse.tls.localca.RootCertificate;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The databases of a user's browsers: Chromium's and Chrome's own, those of their packages of snap and flatpak, and the
 * profiles of Firefox.
 *
 * @param programs as that user
 */
public record Browsers(Programs programs, Path home) {
    private static final String CHROMIUM = "Chromium and Chrome";

    /** Chromium's first choice, and what it takes where that is not there. */
    private static final List<String> OF_CHROMIUM = List.of(".pki/nssdb", ".local/share/pki/nssdb");

    private static final List<String> OF_PACKAGES = List.of(
            "snap/chromium/current/.pki/nssdb",
            ".var/app/org.chromium.Chromium/.pki/nssdb",
            ".var/app/com.google.Chrome/.pki/nssdb");

    private static final List<String> OF_FIREFOX = List.of(
            ".mozilla/firefox",
            ".config/mozilla/firefox",
            "snap/firefox/common/.mozilla/firefox",
            ".var/app/org.mozilla.firefox/.mozilla/firefox");

    private static final List<String> PROGRAMS = List.of(
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "firefox",
            "firefox-esr",
            "brave-browser");

    private static final String HOW_TO_GET_IT = """
        certutil is not installed, which this needs. Install it and try again:
          Debian, Ubuntu   sudo apt-get install libnss3-tools
          Fedora, RHEL     sudo dnf install nss-tools
          Arch             sudo pacman -S nss
          openSUSE         sudo zypper install mozilla-nss-tools\
        """;

    /** Puts roots into all of them; into a new one for Chromium if it has none. */
    public List<Outcome> add(List<RootCertificate> roots) {
        if (!NssStore.isUsable()) {
            return isWorthIt() ? List.of(new Outcome(Kind.FAILED, "browsers of " + home, HOW_TO_GET_IT)) : List.of();
        }
        return stores(true).stream().flatMap(store -> store.add(roots).stream()).toList();
    }

    /** Takes all of ours out. */
    public List<Outcome> removeAll() {
        if (!NssStore.isUsable()) {
            return stores(false).isEmpty()
                    ? List.of()
                    : List.of(new Outcome(Kind.FAILED, "browsers of " + home, HOW_TO_GET_IT));
        }
        return stores(false).stream()
                .flatMap(store -> store.removeAll().stream())
                .toList();
    }

    /** Whether the program is there that looks into their databases. */
    public static boolean canBeAsked() {
        return NssStore.isUsable();
    }

    /** Whether Chromium trusts this root. */
    public boolean hasInChromium(RootCertificate root) {
        List<Path> there = OF_CHROMIUM.stream()
                .map(home::resolve)
                .filter(folder -> Files.exists(folder.resolve("cert9.db")))
                .toList();
        return NssStore.isUsable() && !there.isEmpty() && new NssStore(programs, CHROMIUM, there.getFirst()).has(root);
    }

    /** Whether there is a browser that would want it. */
    private boolean isWorthIt() {
        return !stores(false).isEmpty() || PROGRAMS.stream().anyMatch(name -> Programs.find(name) != null);
    }

    private List<NssStore> stores(boolean alsoNew) {
        List<NssStore> stores = new ArrayList<>();
        List<String> chromium = OF_CHROMIUM.stream()
                .filter(place -> Files.exists(home.resolve(place)))
                .toList();
        if (chromium.isEmpty() && alsoNew) {
            chromium = OF_CHROMIUM.subList(0, 1);
        }
        Stream.concat(chromium.stream(), OF_PACKAGES.stream().filter(place -> Files.exists(home.resolve(place))))
                .forEach(place -> stores.add(new NssStore(programs, CHROMIUM, home.resolve(place))));
        OF_FIREFOX.forEach(place -> profiles(home.resolve(place))
                .forEach(profile -> stores.add(new NssStore(programs, "Firefox", profile))));
        return stores;
    }

    private static List<Path> profiles(Path folder) {
        List<Path> profiles = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path profile : all) {
                if (Files.exists(profile.resolve("cert9.db"))) {
                    profiles.add(profile);
                }
            }
        } catch (IOException e) {
            // There is no Firefox.
        }
        return profiles;
    }
}
