/** {@code limit_req}: how many requests in how much time. */
@NullMarked
package io.gatehouse.module.limitreq;

import org.jspecify.annotations.NullMarked;
