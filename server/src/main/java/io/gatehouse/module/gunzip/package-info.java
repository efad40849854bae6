/** gzip undone for clients that do not accept it (ngx_http_gunzip_filter_module). */
@NullMarked
package io.gatehouse.module.gunzip;

import org.jspecify.annotations.NullMarked;
