@NullMarked
package io.gatehouse.module.accesslog;

import org.jspecify.annotations.NullMarked;
