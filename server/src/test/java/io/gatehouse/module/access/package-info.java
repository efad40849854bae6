@NullMarked
package io.gatehouse.module.access;

import org.jspecify.annotations.NullMarked;
