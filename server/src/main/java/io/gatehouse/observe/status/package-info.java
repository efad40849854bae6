/** What the server is doing: counters that are summed by whoever shows them. */
@NullMarked
package io.gatehouse.observe.status;

import org.jspecify.annotations.NullMarked;
