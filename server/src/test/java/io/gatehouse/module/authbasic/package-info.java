@NullMarked
package io.gatehouse.module.authbasic;

import org.jspecify.annotations.NullMarked;
