/** The stores in which the system and browsers keep the authorities that they trust, and how a root is put there and taken out. */
@NullMarked
package io.gatehouse.cli.trust;

import org.jspecify.annotations.NullMarked;
