/** geo: a variable whose value depends on an address (ngx_http_geo_module). */
@NullMarked
package io.gatehouse.module.geo;

import org.jspecify.annotations.NullMarked;
