@NullMarked
package io.gatehouse.module.rewrite;

import org.jspecify.annotations.NullMarked;
