/** Which server, which location. */
@NullMarked
package io.gatehouse.route;

import org.jspecify.annotations.NullMarked;
