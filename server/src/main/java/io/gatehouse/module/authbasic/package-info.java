/** {@code auth_basic}: who may come, by name and password. */
@NullMarked
package io.gatehouse.module.authbasic;

import org.jspecify.annotations.NullMarked;
