/** rewrite, if, set, return, break: small programs that run when a server or location is entered (ngx_http_rewrite_module). */
@NullMarked
package io.gatehouse.module.rewrite;

import org.jspecify.annotations.NullMarked;
