/** The launcher at the root, run as people run it. */
package io.gatehouse.launcher;
