package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How often an authority may still be asked, kept in its state folder, so that neither another process nor a restart begins
 * anew. Each number is below the limit of Let's Encrypt, which is the strictest of those that are known: what this counts can
 * never run into it. What is about to be asked is noted before it is asked. From any thread.
 */
final class Budget {
    /** New orders of the account; the limit is 300. */
    static final Limit ORDERS = new Limit("order", 200, Duration.ofHours(3), "orders");
    /** New accounts of this machine; the limit is 10. */
    static final Limit ACCOUNTS = new Limit("account", 4, Duration.ofHours(3), "new accounts");
    /** Looks at a name that did not end well; the limit is 5. */
    static final Limit UNPROVEN = new Limit("unproven", 4, Duration.ofHours(1), "failed attempts to prove the name");
    /** Certificates for the same names; the limit is 5. Those that live for days or hours are renewed more often, see leave(). */
    static final Limit SAME = new Limit("issued", 4, Duration.ofDays(7), "certificates for the same names");
    /** Certificates for new names in one domain; the limit is 50. */
    static final Limit DOMAIN = new Limit("new", 40, Duration.ofDays(7), "certificates for new names in the domain");

    private static final String FILE = "budget";
    private static final String FAILED = "failed:";
    private static final Duration LONGEST_WINDOW = Duration.ofDays(7);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final StateFolder folder;
    private final Clock clock;
    private final Pause pause;
    private final Consumer<String> damage;
    private final ReentrantLock turn = new ReentrantLock(true);

    /** So many of a kind in a time. */
    record Limit(String kind, int most, Duration window, String says) {}

    /** One thing that happened. */
    private record Entry(String kind, long at, String what) {
        static Entry parse(String line) {
            String[] words = line.split(" ", 3);
            return new Entry(words[0], Long.parseLong(words[1]), words[2]);
        }

        String line() {
            return kind + " " + at + " " + what + "\n";
        }
    }

    /**
     * When one may ask.
     *
     * @param from from when on; in the past for now
     * @param because why not before; empty if one may now
     */
    record Leave(Instant from, String because) {}

    /**
     * How attempts for a certificate went.
     *
     * @param failures in a row, up to now
     * @param retryAt when the next one is to be made; in the past if none has failed
     */
    record Standing(int failures, Instant retryAt) {}

    /** @param damage told what is wrong with the file, if something is */
    Budget(StateFolder folder, Clock clock, Pause pause, Consumer<String> damage) {
        this.folder = folder;
        this.clock = clock;
        this.pause = pause;
        this.damage = damage;
    }

    /**
     * Whether a certificate may be ordered now.
     *
     * @param life of the one that is to be renewed; zero for a new one
     */
    Leave leave(String id, CertificateWish wish, Duration life) throws IOException {
        boolean renewal = life.isPositive();
        return change(entries -> {
            List<Leave> all = new ArrayList<>();
            for (Entry entry : entries) {
                if (entry.kind.equals("until") && (entry.what.equals("*") || entry.what.equals(id))) {
                    all.add(new Leave(
                            Instant.ofEpochMilli(entry.at), "the authority wants to be left alone until then"));
                }
            }
            all.add(leave(entries, ORDERS, null));
            all.add(leave(entries, same(life), id));
            for (AcmeIdentifier name : wish.identifiers()) {
                all.add(leave(entries, UNPROVEN, name.text()));
                if (!renewal) {
                    all.add(leave(entries, DOMAIN, domain(name)));
                }
            }
            return all.stream()
                    .reduce((one, other) -> one.from.isAfter(other.from) ? one : other)
                    .orElseThrow();
        });
    }

    /** As many as come by themselves, when each is renewed after half of its life, and a few more. */
    private static Limit same(Duration life) {
        Duration window = life.multipliedBy(3).dividedBy(2);
        return life.isPositive() && window.compareTo(SAME.window) < 0
                ? new Limit(SAME.kind, SAME.most, window, SAME.says)
                : SAME;
    }

    /** Whether an account may be asked for now. */
    Leave leaveForAccount() throws IOException {
        return change(entries -> leave(entries, ACCOUNTS, null));
    }

    private Leave leave(List<Entry> entries, Limit limit, @Nullable String what) {
        long[] times = entries.stream()
                .filter(entry -> entry.kind.equals(limit.kind) && (what == null || entry.what.equals(what)))
                .mapToLong(Entry::at)
                .sorted()
                .toArray();
        if (times.length < limit.most) {
            return new Leave(Instant.EPOCH, "");
        }
        Instant from = Instant.ofEpochMilli(times[times.length - limit.most]).plus(limit.window);
        return new Leave(
                from,
                limit.most + " " + limit.says + " in " + Times.text(limit.window)
                        + (what == null ? "" : " (" + what + ")") + " are as many as this server asks for");
    }

    /**
     * Where a limit for a registered domain counts. Which ones those are is in no list here: two labels, or three where the
     * last but one is short, as in {@code co.uk}; that never counts less than the authority does.
     */
    static String domain(AcmeIdentifier name) {
        if (name.isAddress()) {
            return name.text();
        }
        String[] labels = name.text().split("\\.");
        int take = labels.length > 2 && labels[labels.length - 2].length() <= 3 ? 3 : 2;
        return String.join(".", List.of(labels).subList(Math.max(0, labels.length - take), labels.length));
    }

    /** An order is about to be made: until it turns out otherwise, none of its names is proven. */
    void ordering(String id, CertificateWish wish) throws IOException {
        note(entries -> {
            add(entries, "order", id);
            wish.identifiers().forEach(name -> add(entries, "unproven", name.text()));
        });
    }

    /** The authority is content with a name, or did not look at it. */
    void spared(List<AcmeIdentifier> names) throws IOException {
        note(entries -> names.forEach(name -> removeLast(entries, "unproven", name.text())));
    }

    /** A certificate has come. */
    void issued(String id, CertificateWish wish, boolean renewal) throws IOException {
        note(entries -> {
            add(entries, "issued", id);
            if (!renewal) {
                wish.identifiers().stream().map(Budget::domain).distinct().forEach(d -> add(entries, "new", d));
            }
            entries.removeIf(entry -> entry.kind.startsWith(FAILED) && entry.what.equals(id));
        });
    }

    /** An account is about to be asked for. */
    void registering() throws IOException {
        note(entries -> add(entries, "account", "-"));
    }

    /** The authority is not to be asked before a time: about one certificate, or about anything if {@code id} is null. */
    void leaveAlone(@Nullable String id, Instant until) throws IOException {
        note(entries -> entries.add(new Entry("until", until.toEpochMilli(), id == null ? "*" : id)));
    }

    /** An attempt has failed; the next one is to be made at {@code retryAt}. */
    void failed(String id, int failures, Instant retryAt) throws IOException {
        note(entries -> {
            entries.removeIf(entry -> entry.kind.startsWith(FAILED) && entry.what.equals(id));
            entries.add(new Entry(FAILED + failures, retryAt.toEpochMilli(), id));
        });
    }

    Standing standing(String id) throws IOException {
        return change(entries -> entries.stream()
                .filter(entry -> entry.kind.startsWith(FAILED) && entry.what.equals(id))
                .findFirst()
                .map(entry -> new Standing(
                        Integer.parseInt(entry.kind.substring(FAILED.length())), Instant.ofEpochMilli(entry.at)))
                .orElse(new Standing(0, Instant.EPOCH)));
    }

    private void add(List<Entry> entries, String kind, String what) {
        entries.add(new Entry(kind, clock.wallMillis(), what));
    }

    private static void removeLast(List<Entry> entries, String kind, String what) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).kind.equals(kind) && entries.get(i).what.equals(what)) {
                entries.remove(i);
                return;
            }
        }
    }

    private void note(Consumer<List<Entry>> what) throws IOException {
        boolean _ = change(entries -> {
            what.accept(entries);
            return true;
        });
    }

    /** Reads, lets something be done with the entries, and writes them if they have changed. */
    private <T> T change(Function<List<Entry>, T> act) throws IOException {
        // Of this process one after the other, so that none waits for luck.
        turn.lock();
        try (StateFolder.Hold _ = pause.hold(folder, FILE, PATIENCE)) {
            byte[] kept = folder.read(FILE);
            String before = kept == null ? "" : new String(kept, StandardCharsets.UTF_8);
            List<Entry> entries = parse(before);
            T result = act.apply(entries);
            StringBuilder text = new StringBuilder();
            entries.forEach(entry -> text.append(entry.line()));
            if (!before.contentEquals(text)) {
                folder.write(FILE, text.toString().getBytes(StandardCharsets.UTF_8));
            }
            return result;
        } finally {
            turn.unlock();
        }
    }

    /** Those that count still. */
    private List<Entry> parse(String text) throws IOException {
        List<Entry> entries = new ArrayList<>();
        long now = clock.wallMillis();
        try {
            for (String line : text.lines().toList()) {
                Entry entry = Entry.parse(line);
                if (entry.at > now - window(entry.kind).toMillis()) {
                    long latest = now + future(entry.kind).toMillis();
                    entries.add(entry.at <= latest ? entry : new Entry(entry.kind, latest, entry.what));
                }
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            damage.accept(folder.setAside(FILE));
            entries.clear();
        }
        return entries;
    }

    /** How far ahead an entry may be; one that is further is of a clock that was wrong, and must not hold up for years. */
    private static Duration future(String kind) {
        if (kind.startsWith(FAILED)) {
            return Times.longestAfterFailures(Integer.parseInt(kind.substring(FAILED.length())));
        }
        return kind.equals("until") ? Times.LONGEST_LIMIT : Duration.ZERO;
    }

    /** For how long an entry counts. */
    private static Duration window(String kind) {
        for (Limit limit : List.of(ORDERS, ACCOUNTS, UNPROVEN, SAME, DOMAIN)) {
            if (limit.kind.equals(kind)) {
                return limit.window;
            }
        }
        return LONGEST_WINDOW;
    }
}
