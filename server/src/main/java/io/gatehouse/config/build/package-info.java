/** From the tree of a configuration to the immutable snapshot that serves requests. */
@NullMarked
package io.gatehouse.config.build;

import org.jspecify.annotations.NullMarked;
