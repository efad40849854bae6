/** The request in hand: the exchange of one request and its answer, its fields, bodies, variables and time line. */
@NullMarked
package io.gatehouse.exchange;

import org.jspecify.annotations.NullMarked;
