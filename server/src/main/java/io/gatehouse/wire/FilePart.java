package io.gatehouse.wire;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/** Part of an open file that waits to be sent. The region is never released: that would close the file. */
final class FilePart {
    /** nginx's sendfile_max_chunk: one call never keeps the loop longer than this. */
    static final long MOST_AT_ONCE = 2 << 20;

    final FileChannel file;
    final DefaultFileRegion region;
    final long position;
    final long count;
    long sent;

    FilePart(FileChannel file, long position, long count) {
        this.file = file;
        this.region = new DefaultFileRegion(file, position, count);
        this.position = position;
        this.count = count;
    }

    long remaining() {
        return count - sent;
    }
}
