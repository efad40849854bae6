/**
 * What the modules that compress and decompress answers have in common: which coding a client gets, and how a body goes through
 * one. No module: {@code module/gzip}, {@code module/brotli}, {@code module/zstd} and their like offer what they can here.
 */
@NullMarked
package io.gatehouse.coding;

import org.jspecify.annotations.NullMarked;
