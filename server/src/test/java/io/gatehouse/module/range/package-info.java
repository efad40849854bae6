@NullMarked
package io.gatehouse.module.range;

import org.jspecify.annotations.NullMarked;
