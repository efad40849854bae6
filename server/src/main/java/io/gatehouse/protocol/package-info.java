/** What the protocols towards clients have in common. */
@NullMarked
package io.gatehouse.protocol;

import org.jspecify.annotations.NullMarked;
