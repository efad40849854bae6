package io.gatehouse.observe.log;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** All log targets of the process, which outlive the configurations that name them. */
public final class Logs {
    private final Clock clock;
    private final LogTime time;
    private final long pid;
    private final String hostname;
    private final DatagramTarget.UnixDatagrams unixDatagrams;
    private final LogFiles files;
    private final Map<SyslogSpec, Syslog> syslogs = new HashMap<>();
    private final List<Syslog> closing = new ArrayList<>();

    /**
     * @param pid what stands in error log lines
     * @param hostname what stands in syslog messages, in lower case
     * @param unixDatagrams how syslog's unix sockets are reached
     * @param starter starts the threads that write; what it is given may also be started a little later
     */
    public Logs(
            Clock clock,
            LogTime time,
            long pid,
            String hostname,
            DatagramTarget.UnixDatagrams unixDatagrams,
            Consumer<Thread> starter) {
        this.clock = clock;
        this.time = time;
        this.pid = pid;
        this.hostname = hostname;
        this.unixDatagrams = unixDatagrams;
        files = new LogFiles(clock, time, pid, starter);
    }

    public LogFiles files() {
        return files;
    }

    /** What one configuration will use; everything it opens is given back when it is closed. */
    public LogLease lease() {
        return new LogLease(this);
    }

    /** An error log of targets that are open. */
    public ErrorLog errorLog(List<ErrorLog.Entry> entries) {
        return new ErrorLog(entries, clock, time, pid);
    }

    /**
     * The server's share, to be released; its name is looked up here, which may take a while.
     *
     * @throws LogOpenException when the name is not known
     */
    Syslog syslog(SyslogSpec spec) throws LogOpenException {
        Syslog.Connecting connecting = connecting(spec.server());
        synchronized (this) {
            Syslog syslog = syslogs.computeIfAbsent(spec, s -> new Syslog(s, connecting, this, hostname));
            syslog.users++;
            return syslog;
        }
    }

    private Syslog.Connecting connecting(SyslogSpec.Server server) throws LogOpenException {
        return switch (server) {
            case SyslogSpec.Unix unix -> () -> unixDatagrams.connect(unix.path());
            case SyslogSpec.Udp udp -> {
                InetSocketAddress address = new InetSocketAddress(resolve(udp), udp.port());
                yield () -> UdpTarget.connect(address);
            }
        };
    }

    private static InetAddress resolve(SyslogSpec.Udp server) throws LogOpenException {
        try {
            return InetAddress.getByName(server.host());
        } catch (UnknownHostException e) {
            throw new LogOpenException("host not found in syslog server \"" + server.text() + "\"");
        }
    }

    synchronized void release(Syslog syslog) {
        if (--syslog.users == 0) {
            syslogs.remove(syslog.spec());
            closing.add(syslog);
            syslog.close();
        }
    }

    synchronized void closed(Syslog syslog) {
        closing.remove(syslog);
    }

    private synchronized List<Syslog> allSyslogs() {
        List<Syslog> all = new ArrayList<>(syslogs.values());
        all.addAll(closing);
        return all;
    }

    /** Has everything written that was accepted before the call, at exit; false when it took longer than allowed. */
    public boolean drain(long millis) throws InterruptedException {
        long end = clock.nanos() + millis * 1_000_000;
        boolean all = true;
        for (Syslog syslog : allSyslogs()) {
            all &= syslog.await(syslog.seal(), end - clock.nanos());
        }
        return files.drain(Math.max(0, (end - clock.nanos()) / 1_000_000)) && all;
    }

    /** Lines that found no room or could not be sent, in targets that are open. */
    public long lost() {
        return files.dropped()
                + allSyslogs().stream().mapToLong(s -> s.dropped() + s.failed()).sum();
    }

    Clock clock() {
        return clock;
    }

    LogTime.Second now() {
        return time.at(clock.wallMillis());
    }
}
