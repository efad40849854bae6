package io.gatehouse.observe.log;

/** Where a log directive wants its lines. */
public sealed interface LogTarget {
    /**
     * @param path as it stands in the configuration: perhaps relative to the prefix, perhaps with variables
     */
    record File(String path) implements LogTarget {
        /** Whether the name is made anew for each request. */
        public boolean hasVariables() {
            return path.indexOf('$') >= 0;
        }
    }

    /** The process's standard error. */
    record Stderr() implements LogTarget {}

    /**
     * @param bytes of the ring that keeps the latest lines
     */
    record Memory(int bytes) implements LogTarget {}

    record Syslog(SyslogSpec spec) implements LogTarget {}
}
