/** {@code allow} and {@code deny}: who may come, by address. */
@NullMarked
package io.gatehouse.module.access;

import org.jspecify.annotations.NullMarked;
