@NullMarked
package io.gatehouse.module.authrequest;

import org.jspecify.annotations.NullMarked;
