/** Compression with zstd (RFC 8878), and files that were compressed with it beforehand. */
@NullMarked
package io.gatehouse.module.zstd;

import org.jspecify.annotations.NullMarked;
