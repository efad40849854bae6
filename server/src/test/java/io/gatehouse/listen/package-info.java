@NullMarked
package io.gatehouse.listen;

import org.jspecify.annotations.NullMarked;
