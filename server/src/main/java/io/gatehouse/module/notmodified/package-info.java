/** Conditional requests (RFC 9110, 13; ngx_http_not_modified_filter_module). */
@NullMarked
package io.gatehouse.module.notmodified;

import org.jspecify.annotations.NullMarked;
