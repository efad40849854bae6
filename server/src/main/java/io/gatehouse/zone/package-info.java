/** Zones as configurations name them: how much they hold, and that each name stands for one. */
@NullMarked
package io.gatehouse.zone;

import org.jspecify.annotations.NullMarked;
