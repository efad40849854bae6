@NullMarked
package io.gatehouse.module.splitclients;

import org.jspecify.annotations.NullMarked;
