/** The order in which handlers see an exchange. */
@NullMarked
package io.gatehouse.phase;

import org.jspecify.annotations.NullMarked;
