@NullMarked
package io.gatehouse.module.limitreq;

import org.jspecify.annotations.NullMarked;
