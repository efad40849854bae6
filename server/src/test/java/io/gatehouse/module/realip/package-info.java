@NullMarked
package io.gatehouse.module.realip;

import org.jspecify.annotations.NullMarked;
