package io.gatehouse.wire;

import io.netty.channel.unix.Errors.NativeIoException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Numbers and words of Linux's errors, as nginx writes them: {@code 111: Connection refused}. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EIO = 5;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int ELOOP = 40;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int ECANCELED = 125;

    /** To be called by who will need it: what compiled code meets for the first time it is thrown away for. */
    static void load() {}

    private static final @Nullable String[] WORDS = new String[134];

    static {
        String table = """
            1 Operation not permitted
            2 No such file or directory
            3 No such process
            4 Interrupted system call
            5 Input/output error
            6 No such device or address
            9 Bad file descriptor
            11 Resource temporarily unavailable
            12 Cannot allocate memory
            13 Permission denied
            14 Bad address
            16 Device or resource busy
            17 File exists
            19 No such device
            20 Not a directory
            21 Is a directory
            22 Invalid argument
            23 Too many open files in system
            24 Too many open files
            27 File too large
            28 No space left on device
            29 Illegal seek
            30 Read-only file system
            32 Broken pipe
            36 File name too long
            38 Function not implemented
            40 Too many levels of symbolic links
            71 Protocol error
            75 Value too large for defined data type
            88 Socket operation on non-socket
            89 Destination address required
            90 Message too long
            91 Protocol wrong type for socket
            92 Protocol not available
            93 Protocol not supported
            94 Socket type not supported
            95 Operation not supported
            97 Address family not supported by protocol
            98 Address already in use
            99 Cannot assign requested address
            100 Network is down
            101 Network is unreachable
            102 Network dropped connection on reset
            103 Software caused connection abort
            104 Connection reset by peer
            105 No buffer space available
            106 Transport endpoint is already connected
            107 Transport endpoint is not connected
            108 Cannot send after transport endpoint shutdown
            110 Connection timed out
            111 Connection refused
            112 Host is down
            113 No route to host
            114 Operation already in progress
            115 Operation now in progress
            122 Disk quota exceeded
            125 Operation canceled
            """;
        table.lines().forEach(line -> {
            int space = line.indexOf(' ');
            WORDS[Integer.parseInt(line, 0, space, 10)] = line.substring(space + 1);
        });
    }

    private Errno() {}

    /** {@code 111: Connection refused} for 111. */
    public static String text(int number) {
        String words = number > 0 && number < WORDS.length ? WORDS[number] : null;
        return number + ": " + (words != null ? words : "Unknown error " + number);
    }

    /** The number and words of the error behind {@code failure}; its plain message if no number is known. */
    public static String text(IOException failure) {
        int number = number(failure);
        return number != 0 ? text(number) : String.valueOf(failure.getMessage());
    }

    /** The errno behind an exception of a socket or file call, 0 if there is none to be found. */
    public static int number(IOException failure) {
        return switch (failure) {
            case ErrnoException known -> known.number();
            case NativeIoException known -> -known.expectedErr();
            case FileNotFoundException _, NoSuchFileException _ -> ENOENT;
            case AccessDeniedException _ -> EACCES;
            case ClosedChannelException _ -> EBADF;
            case SocketTimeoutException _ -> ETIMEDOUT;
            case FileSystemException file -> fromMessage(failure, file.getReason());
            default -> fromMessage(failure, failure.getMessage());
        };
    }

    /** The failure of {@code call} as an exception that knows its number; itself if it has none. */
    static IOException of(String call, IOException failure) {
        if (failure instanceof ErrnoException) {
            return failure;
        }
        int number = number(failure);
        return number != 0 ? new ErrnoException(call, number) : failure;
    }

    /** As {@link #of(String, IOException)} for what Netty's registrations throw. */
    static IOException of(String call, UncheckedIOException failure) {
        IOException cause = failure.getCause();
        return cause == null ? new IOException(failure) : of(call, cause);
    }

    /** Netty writes {@code error(-111)}, the JDK only the C library's words, sometimes shortened. */
    private static int fromMessage(IOException failure, @Nullable String message) {
        if (message == null) {
            return failure instanceof NoRouteToHostException ? EHOSTUNREACH : 0;
        }
        int at = message.indexOf("error(-");
        if (at >= 0) {
            int end = message.indexOf(')', at);
            return Integer.parseInt(message, at + 7, end, 10);
        }
        if (message.equals("Connection reset")) {
            return ECONNRESET;
        }
        for (int number = 1; number < WORDS.length; number++) {
            String words = WORDS[number];
            if (words != null && message.startsWith(words)) {
                return number;
            }
        }
        return failure instanceof NoRouteToHostException ? EHOSTUNREACH : 0;
    }
}
