/** Files that answers are made of: looked at and opened by the rules of the location, sent by demand. */
@NullMarked
package io.gatehouse.files;

import org.jspecify.annotations.NullMarked;
