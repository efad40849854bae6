package io.gatehouse.files;

import java.nio.file.attribute.BasicFileAttributes;

/**
 * What the system says of a file.
 *
 * @param size bytes
 * @param modified seconds since 1970
 */
public record FileFacts(boolean isDirectory, boolean isRegular, long size, long modified) {
    static FileFacts of(BasicFileAttributes attributes) {
        return new FileFacts(
                attributes.isDirectory(),
                attributes.isRegularFile(),
                attributes.size(),
                Math.floorDiv(attributes.lastModifiedTime().toMillis(), 1000));
    }
}
