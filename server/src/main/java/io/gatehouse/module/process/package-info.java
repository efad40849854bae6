/** What the process itself is told: nginx's directives of the main and the events level. */
@NullMarked
package io.gatehouse.module.process;

import org.jspecify.annotations.NullMarked;
