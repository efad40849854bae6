/**
 * The whole of it: a real browser, or a plain client, in front of the guide's configuration with a real application behind
 * it.
 */
@NullMarked
package io.gatehouse.e2e;

import org.jspecify.annotations.NullMarked;
