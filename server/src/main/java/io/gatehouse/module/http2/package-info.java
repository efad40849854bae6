/** nginx's ngx_http_v2_module: its directives and its variable. */
@NullMarked
package io.gatehouse.module.http2;

import org.jspecify.annotations.NullMarked;
