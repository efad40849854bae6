@NullMarked
package io.gatehouse.module.staticfiles;

import org.jspecify.annotations.NullMarked;
