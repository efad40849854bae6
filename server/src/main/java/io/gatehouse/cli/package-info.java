/** The command line: nginx's own flags, and commands of its own. */
@NullMarked
package io.gatehouse.cli;

import org.jspecify.annotations.NullMarked;
