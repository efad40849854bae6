/** Compression with brotli (RFC 7932), and files that were compressed with it beforehand. */
@NullMarked
package io.gatehouse.module.brotli;

import org.jspecify.annotations.NullMarked;
