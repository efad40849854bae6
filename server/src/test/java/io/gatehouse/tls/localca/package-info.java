@NullMarked
package io.gatehouse.tls.localca;

import org.jspecify.annotations.NullMarked;
