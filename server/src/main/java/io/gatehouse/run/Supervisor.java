package io.gatehouse.run;

import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.DatagramTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever supervises this process, systemd as a rule, how it goes (sd_notify(3); {@code Type=notify} and {@code
 * notify-reload}). Used by the thread of the process. Nothing is told where nobody wants to know.
 */
final class Supervisor {
    private static final String SOCKET = "NOTIFY_SOCKET";

    private final @Nullable String path;
    private final DatagramTarget.UnixDatagrams sockets;
    private final Clock clock;

    /**
     * @param path of the socket that takes what is told; one that begins with an at sign is in Linux's abstract namespace;
     *     null if there is none
     * @param clock its nanoseconds are those of CLOCK_MONOTONIC
     */
    Supervisor(@Nullable String path, DatagramTarget.UnixDatagrams sockets, Clock clock) {
        this.path = path;
        this.sockets = sockets;
        this.clock = clock;
    }

    /** The path that this process was given; null if it was given none. */
    static @Nullable String pathOfProcess() {
        String path = System.getenv(SOCKET);
        return path == null || path.isEmpty() ? null : path;
    }

    /**
     * It serves: after the start, and after each reload, whether that changed anything or not.
     *
     * @param status a line for people
     * @return why that could not be told; null if it was
     */
    @Nullable
    String ready(String status) {
        // After USR2 it is another process that serves.
        return tell(mainPid() + "READY=1\nSTATUS=" + status);
    }

    private static String mainPid() {
        return "MAINPID=" + ProcessHandle.current().pid() + "\n";
    }

    /** It reads its configuration anew; {@link #ready} follows. */
    @Nullable
    String reloading() {
        long micros = TimeUnit.NANOSECONDS.toMicros(clock.nanos());
        return tell("RELOADING=1\nMONOTONIC_USEC=" + micros + "\nSTATUS=Reading the configuration");
    }

    /** Whether there is one that wants to know. */
    boolean isThere() {
        return path != null;
    }

    /**
     * It is the process that counts, and ends with an error.
     *
     * @param status a line for people
     * @return why that could not be told; null if it was
     */
    @Nullable
    String failed(String status) {
        return tell(mainPid() + "STATUS=" + status);
    }

    /** It ends. */
    @Nullable
    String stopping(String status) {
        return tell("STOPPING=1\nSTATUS=" + status);
    }

    private @Nullable String tell(String message) {
        if (path == null) {
            return null;
        }
        String name = path.startsWith("@") ? "\0" + path.substring(1) : path;
        try (DatagramTarget socket = sockets.connect(name)) {
            socket.send(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)));
            return null;
        } catch (IOException e) {
            return "sending to " + SOCKET + " \"" + path + "\" failed (" + e.getMessage() + ")";
        }
    }
}
