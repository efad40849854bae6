/** Gatehouse: an edge server that takes nginx's configuration files. */
@NullMarked
package io.gatehouse;

import org.jspecify.annotations.NullMarked;
