@NullMarked
package io.gatehouse.module.ssl;

import org.jspecify.annotations.NullMarked;
