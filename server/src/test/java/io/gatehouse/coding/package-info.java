@NullMarked
package io.gatehouse.coding;

import org.jspecify.annotations.NullMarked;
