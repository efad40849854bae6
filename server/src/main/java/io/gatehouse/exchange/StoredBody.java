package io.gatehouse.exchange;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A request's body that was read whole: in memory, or in a temporary file where it did not fit into
 * {@code client_body_buffer_size}. Released with the exchange.
 *
 * @param memory the bytes, null if they lie in the file
 * @param file open for reading, null if they lie in memory
 * @param path the file's path, for {@code $request_body_file}
 * @param keep whether the file outlives the exchange ({@code client_body_in_file_only on})
 */
public record StoredBody(
        @Nullable ByteBuf memory,
        @Nullable FileChannel file,
        @Nullable Path path,
        long length,
        boolean keep) {
    public static final StoredBody EMPTY = new StoredBody(null, null, null, 0, false);

    void release() {
        if (memory != null) {
            memory.release();
        }
        if (file != null) {
            try {
                file.close();
                if (path != null && !keep) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException e) {
                // the file is gone already; nothing is left to free
            }
        }
    }
}
