@NullMarked
package io.gatehouse.module.referer;

import org.jspecify.annotations.NullMarked;
