/**
 * Applications: which of an {@code upstream}'s peers answers a request, how failures move it to another, and the
 * connections that are kept open to them.
 */
@NullMarked
package io.gatehouse.upstream;

import org.jspecify.annotations.NullMarked;
