/** The {@code upstream} block and what stands in it, names at run time, and the variables that tell of attempts. */
@NullMarked
package io.gatehouse.module.upstream;

import org.jspecify.annotations.NullMarked;
