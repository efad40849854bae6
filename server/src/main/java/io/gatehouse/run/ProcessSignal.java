package io.gatehouse.run;

import org.jspecify.annotations.Nullable;

/** The signals that a server understands, with their numbers on Linux and what nginx's log says of each. */
public enum ProcessSignal {
    /** Reads the configuration again. */
    HUP(1, ", reconfiguring"),
    /** Ends at once. */
    INT(2, ", exiting"),
    /** Ends when what is under way is done. */
    QUIT(3, ", shutting down"),
    /** Opens the logs anew. */
    USR1(10, ", reopening logs"),
    /** Starts the program anew beside this process. */
    USR2(12, ", changing binary"),
    /** Ends at once. */
    TERM(15, ", exiting"),
    /** In the background: accepts no more. A terminal sends it when its window changes, so it means nothing there. */
    WINCH(28, ", stop accepting connections");

    private final int number;
    private final String action;

    ProcessSignal(int number, String action) {
        this.number = number;
        this.action = action;
    }

    public int number() {
        return number;
    }

    static @Nullable ProcessSignal of(int number) {
        for (ProcessSignal signal : values()) {
            if (signal.number == number) {
                return signal;
            }
        }
        return null;
    }

    /** Whether the system ends a process that does not care for the signal and somebody meant it to. */
    boolean ends() {
        return this == HUP || this == INT || this == QUIT || this == TERM;
    }

    /** nginx's line. {@code sender} is the process that sent it, 0 if it came from the system or is not known. */
    String line(long sender) {
        return "signal " + number + " (SIG" + name() + ") received" + (sender > 0 ? " from " + sender : "") + action;
    }
}
