package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The socket under a wire: the calls of the platform, none of which waits. Its events go to the wire it was registered for. */
abstract class WireSocket {
    /** What {@link #connectResult} says of a connection that is still being made. */
    static final int EINPROGRESS = 115;

    /** As {@link NativeSocket#receive}. */
    abstract int receive(ByteBuf into, int index, int length) throws IOException;

    abstract int send(ByteBuf buffer) throws IOException;

    /** Sends the leading buffers at once; the number of bytes taken. Sets {@link LoopBuffers#gathered} to those tried. */
    abstract long sendGathered(OutQueue queue) throws IOException;

    /** Sends at most {@code most} bytes of a file; 0 if none can be taken now or the file has ended. */
    abstract long send(FilePart part, long most) throws IOException;

    /** The result of a pending connection: 0 or an errno. */
    abstract int connectResult();

    /** The pending error of the socket: 0 if there is none. */
    abstract int takeError();

    /** Asks for an event when there is something to read, if the platform does not tell anyway. */
    abstract void wantReadable();

    /** The end of the stream was read: no more events to read. */
    abstract void inputEnded();

    /** Asks for an event when the kernel takes more. */
    abstract void wantWritable() throws IOException;

    /** Everything was sent after {@link #wantWritable}. */
    abstract void noLongerWantWritable();

    abstract void shutdownOutput();

    /** Closes the socket, then ends its registration. */
    abstract void close(boolean reset);

    /** This side's address; null if it cannot be told (any more). */
    abstract @Nullable SocketAddress local();

    /** As {@link Wire#noDelay}. */
    abstract void noDelay(boolean on);

    /** As {@link Wire#keepAlive}. */
    abstract void keepAlive(boolean on);

    /** As {@link Wire#descriptor}. */
    abstract int descriptor();

    /** As {@link Wire#tcpInfo}. */
    abstract long @Nullable [] tcpInfo();
}
