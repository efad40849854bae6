@NullMarked
package io.gatehouse.module.geo;

import org.jspecify.annotations.NullMarked;
