@NullMarked
package io.gatehouse.module.gunzip;

import org.jspecify.annotations.NullMarked;
