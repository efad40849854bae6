/** The life of the process: start, generations, reload, drain, signals, pid file. */
@NullMarked
package io.gatehouse.run;

import org.jspecify.annotations.NullMarked;
