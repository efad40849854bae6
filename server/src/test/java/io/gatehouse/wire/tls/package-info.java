@NullMarked
package io.gatehouse.wire.tls;

import org.jspecify.annotations.NullMarked;
