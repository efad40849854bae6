@NullMarked
package io.gatehouse.exchange;

import org.jspecify.annotations.NullMarked;
