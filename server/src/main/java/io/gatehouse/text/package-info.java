/** Text as the network carries it: octet strings, bytes, escapes, and patterns over them. */
@NullMarked
package io.gatehouse.text;

import org.jspecify.annotations.NullMarked;
