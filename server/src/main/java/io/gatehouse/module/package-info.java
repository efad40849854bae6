/** The features, one package each, and the list of them. */
@NullMarked
package io.gatehouse.module;

import org.jspecify.annotations.NullMarked;
