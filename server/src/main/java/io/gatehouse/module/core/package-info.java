/** nginx's core of HTTP: how requests are read, where files lie, how connections are kept, what is answered on errors. */
@NullMarked
package io.gatehouse.module.core;

import org.jspecify.annotations.NullMarked;
