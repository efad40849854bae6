/** One command to HTTPS: the names of a site, its preset, where it listens, and the application behind it. */
@NullMarked
package io.gatehouse.cli.up;

import org.jspecify.annotations.NullMarked;
