/** Where connections come in: addresses to listen on and how they are accepted. */
@NullMarked
package io.gatehouse.listen;

import org.jspecify.annotations.NullMarked;
