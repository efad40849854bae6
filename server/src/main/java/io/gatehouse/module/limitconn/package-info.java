/** {@code limit_conn}: how many requests at the same time. */
@NullMarked
package io.gatehouse.module.limitconn;

import org.jspecify.annotations.NullMarked;
