@NullMarked
package io.gatehouse.address;

import org.jspecify.annotations.NullMarked;
