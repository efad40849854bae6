@NullMarked
package io.gatehouse.cli.up;

import org.jspecify.annotations.NullMarked;
