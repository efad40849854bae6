@NullMarked
package io.gatehouse.module.limitconn;

import org.jspecify.annotations.NullMarked;
