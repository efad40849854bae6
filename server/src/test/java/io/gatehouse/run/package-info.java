/** The life of the process, seen from outside: what somebody who starts, signals and asks it gets. */
@NullMarked
package io.gatehouse.run;

import org.jspecify.annotations.NullMarked;
