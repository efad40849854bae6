package io.gatehouse.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was when it was opened.
 *
 * @param channel null for what is no regular file
 */
public record OpenFile(FileFacts facts, @Nullable FileChannel channel) {
    /** Closes it; what then goes wrong changes nothing any more. */
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // it was only read
            }
        }
    }
}
