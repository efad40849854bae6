@NullMarked
package io.gatehouse.zone;

import org.jspecify.annotations.NullMarked;
