package io.gatehouse.cli.up;

import io.gatehouse.cli.up.Health.Answer;
import io.gatehouse.cli.up.Health.Answer.Paperclip;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the application again and again what it is and tells what has changed, in a thread of its own. Where the site is held
 * back until it has said so, publishes it, or refuses.
 */
public final class Watch implements AutoCloseable {
    private static final long SOON_MILLIS = 500;
    private static final long LATER_MILLIS = 5_000;

    private enum Poke {
        ASK_ANEW,
        END,
    }

    /** What is done with what is found out; called by the watching thread. */
    public interface Consequences {
        void tell(String label, String text);

        /** The application may be shown to everybody now. */
        void publish();

        /** It must not be. */
        void refuse(String reason);
    }

    private final Site site;
    private final Health health;
    private final boolean guards;
    private final Consequences consequences;
    private final BlockingQueue<Poke> pokes = new LinkedBlockingQueue<>();
    private @Nullable Answer last;
    private boolean held;

    /**
     * @param guards whether an application without sign-in is refused
     * @param first what was found out before; null if nobody has asked yet
     */
    public Watch(Site site, Health health, boolean guards, @Nullable Answer first, Consequences consequences) {
        this.site = site;
        this.health = health;
        this.guards = guards;
        this.consequences = consequences;
        this.held = guards && (first == null || first instanceof Answer.None);
        this.last = first;
    }

    /** Whether nothing of the application may be shown yet. */
    public boolean holds() {
        return held;
    }

    public void start() {
        if (last != null) {
            tell(last);
        }
        Thread.ofPlatform().daemon().name("application-watch").start(this::watch);
    }

    /** From any thread: what was found out does not hold any more, because the application is started anew. */
    public void askAnew() {
        pokes.add(Poke.ASK_ANEW);
    }

    private void watch() {
        try {
            while (true) {
                Answer answer = health.ask();
                boolean stillNone = answer instanceof Answer.None && last instanceof Answer.None;
                if (pokes.peek() == Poke.END) {
                    return;
                }
                if (!answer.equals(last) && !stillNone) {
                    heard(answer);
                }
                last = answer;
                Poke poke =
                        pokes.poll(answer instanceof Answer.None ? SOON_MILLIS : LATER_MILLIS, TimeUnit.MILLISECONDS);
                if (poke == Poke.END) {
                    return;
                }
                if (poke == Poke.ASK_ANEW) {
                    // That it does not answer now is no news.
                    last = new Answer.None("is started anew");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void heard(Answer answer) {
        if (guards && answer instanceof Paperclip paperclip && paperclip.isOpen()) {
            consequences.refuse(whyNot(site));
            return;
        }
        if (held && !(answer instanceof Answer.None)) {
            held = false;
            consequences.publish();
        }
        tell(answer);
    }

    private void tell(Answer answer) {
        switch (answer) {
            case Answer.None none ->
                consequences.tell(
                        "application",
                        "awaited: " + site.to() + " " + none.why()
                                + "; until then every request is answered 502, by a page" + " that says so");
            case Answer.Other other ->
                consequences.tell(
                        "application", "answers (" + other.status() + " for /api/health, so it is no Paperclip)");
            case Paperclip paperclip -> {
                consequences.tell(
                        "application",
                        "answers: Paperclip, "
                                + (paperclip.isOpen()
                                        ? "in " + paperclip.mode()
                                                + " mode: everyone who reaches it is its administrator"
                                        : paperclip.mode() + (paperclip.unclaimed() ? "" : ", with an administrator")));
                if (paperclip.unclaimed()) {
                    unclaimed();
                }
            }
        }
    }

    private void unclaimed() {
        if (!site.isForOthers()) {
            consequences.tell("sign up", "at " + site.url() + ": the first who does becomes its administrator");
        } else {
            consequences.tell(
                    "WARNING",
                    "nobody is its administrator yet, and whoever signs up first at " + site.url()
                            + " becomes it. Everybody can reach that address: sign up NOW.");
        }
    }

    /** Why an application that is open to everybody is not published, and what mends it. */
    public static String whyNot(Site site) {
        return "the Paperclip on " + site.to() + " is not published as " + site.url()
                + ": it runs in local_trusted mode, in which everyone who reaches it is its administrator without"
                + " signing in, and its agents run commands on its machine.\n"
                + "  Start it so that people sign in:\n"
                + "    export PAPERCLIP_DEPLOYMENT_MODE=authenticated PAPERCLIP_PUBLIC_URL=" + site.url()
                + (site.hasOddPort() ? " BETTER_AUTH_TRUSTED_ORIGINS=" + site.url() : "") + "\n"
                + "    npx paperclipai run\n"
                + "  To publish it all the same: --allow-open";
    }

    @Override
    public void close() {
        pokes.add(Poke.END);
        health.close();
    }
}
