/** Parts of answers (RFC 9110, 14; ngx_http_range_filter_module). */
@NullMarked
package io.gatehouse.module.range;

import org.jspecify.annotations.NullMarked;
