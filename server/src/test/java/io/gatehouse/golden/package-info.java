/** What a test of a configuration says, kept word for word, and held against nginx where it is installed. */
@NullMarked
package io.gatehouse.golden;

import org.jspecify.annotations.NullMarked;
