/** add_header, add_trailer, expires: fields that the operator puts into answers (ngx_http_headers_module). */
@NullMarked
package io.gatehouse.module.headers;

import org.jspecify.annotations.NullMarked;
