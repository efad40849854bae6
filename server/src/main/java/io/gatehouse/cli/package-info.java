/** The command line: nginx's own flags, and up and echo. */
@NullMarked
package io.gatehouse.cli;

import org.jspecify.annotations.NullMarked;
