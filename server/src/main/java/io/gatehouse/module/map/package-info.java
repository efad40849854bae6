/** map: a variable whose value depends on another text (ngx_http_map_module). */
@NullMarked
package io.gatehouse.module.map;

import org.jspecify.annotations.NullMarked;
