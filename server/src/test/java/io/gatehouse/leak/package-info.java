/** Finds buffers that tests forgot to release. */
package io.gatehouse.leak;
