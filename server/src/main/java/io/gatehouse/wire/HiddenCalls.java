package io.gatehouse.wire;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Native calls that Netty has and does not show. Where one cannot be reached, {@link NativeSocket} and its users do without. */
final class HiddenCalls {
    private static final int EALREADY = 114;

    /** LinuxSocket.sendFile is not public; null where it cannot be reached, and files are then read and sent. */
    private static final @Nullable MethodHandle SEND_FILE = find(
            LinuxSocket.class,
            "sendFile",
            MethodType.methodType(long.class, DefaultFileRegion.class, long.class, long.class, long.class),
            false);

    /** The call beneath Socket.connect, which hides the number of two errors. */
    private static final @Nullable MethodHandle CONNECT = find(
            Socket.class,
            "connect",
            MethodType.methodType(int.class, int.class, boolean.class, byte[].class, int.class, int.class),
            true);

    private HiddenCalls() {}

    /** As {@link Errno#load}. */
    static void load() {}

    private static @Nullable MethodHandle find(Class<?> in, String name, MethodType type, boolean isStatic) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(in, MethodHandles.lookup());
            return isStatic ? lookup.findStatic(in, name, type) : lookup.findVirtual(in, name, type);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    static boolean canSendFiles() {
        return SEND_FILE != null;
    }

    /** As {@link NativeSocket#sendFile}. */
    static long sendFile(LinuxSocket socket, DefaultFileRegion file, long offset, long length) throws IOException {
        MethodHandle sendFile = SEND_FILE;
        if (sendFile == null) {
            throw new IllegalStateException();
        }
        try {
            return (long) sendFile.invokeExact(socket, file, file.position(), offset, length);
        } catch (IOException e) {
            throw Errno.of("sendfile", e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }

    static boolean canConnect() {
        return CONNECT != null;
    }

    /** As {@link NativeSocket#connect}. */
    static boolean connect(LinuxSocket socket, InetSocketAddress remote) throws IOException {
        MethodHandle connect = CONNECT;
        if (connect == null) {
            throw new IllegalStateException();
        }
        InetAddress address = remote.getAddress();
        NativeInetAddress bytes = NativeInetAddress.newInstance(address);
        int result;
        try {
            result = (int) connect.invokeExact(
                    socket.intValue(),
                    address instanceof Inet6Address,
                    bytes.address(),
                    bytes.scopeId(),
                    remote.getPort());
        } catch (Throwable e) {
            throw new IOException(e);
        }
        if (result >= 0) {
            return true;
        }
        if (result == -WireSocket.EINPROGRESS || result == -EALREADY) {
            return false;
        }
        throw new ErrnoException("connect", -result);
    }
}
