/** The same bytes to nginx, where it is installed, and to Gatehouse, with one configuration: what they do is compared. */
@org.jspecify.annotations.NullMarked
package io.gatehouse.differential;
