/** What tests of several rooms need: a server that runs. */
@org.jspecify.annotations.NullMarked
package io.gatehouse.testing;
