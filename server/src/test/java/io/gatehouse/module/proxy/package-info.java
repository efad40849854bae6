@NullMarked
package io.gatehouse.module.proxy;

import org.jspecify.annotations.NullMarked;
