/** Compression with gzip (ngx_http_gzip_filter_module). */
@NullMarked
package io.gatehouse.module.gzip;

import org.jspecify.annotations.NullMarked;
