@NullMarked
package io.gatehouse.tls.acme;

import org.jspecify.annotations.NullMarked;
