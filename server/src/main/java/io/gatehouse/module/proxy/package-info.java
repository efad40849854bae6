/** Requests passed on to applications over HTTP/1, and their answers passed back; nginx's proxy module. */
@NullMarked
package io.gatehouse.module.proxy;

import org.jspecify.annotations.NullMarked;
