/** {@code auth_request}: who may come, as an application says. */
@NullMarked
package io.gatehouse.module.authrequest;

import org.jspecify.annotations.NullMarked;
