@NullMarked
package io.gatehouse.protocol.entrance;

import org.jspecify.annotations.NullMarked;
