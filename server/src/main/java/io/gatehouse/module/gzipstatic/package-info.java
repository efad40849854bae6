/** Files that were compressed with gzip beforehand (ngx_http_gzip_static_module). */
@NullMarked
package io.gatehouse.module.gzipstatic;

import org.jspecify.annotations.NullMarked;
