/** valid_referers: who may link here (ngx_http_referer_module). */
@NullMarked
package io.gatehouse.module.referer;

import org.jspecify.annotations.NullMarked;
