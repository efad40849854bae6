/** The text of a configuration becomes a tree in which every word knows its file, line and column. */
@NullMarked
package io.gatehouse.config.syntax;

import org.jspecify.annotations.NullMarked;
