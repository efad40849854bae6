@NullMarked
package io.gatehouse.module.core;

import org.jspecify.annotations.NullMarked;
