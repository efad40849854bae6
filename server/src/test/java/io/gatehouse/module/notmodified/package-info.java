@NullMarked
package io.gatehouse.module.notmodified;

import org.jspecify.annotations.NullMarked;
