@NullMarked
package io.gatehouse.module.autoindex;

import org.jspecify.annotations.NullMarked;
