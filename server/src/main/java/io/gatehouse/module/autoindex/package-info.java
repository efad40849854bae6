/** autoindex: lists of folders (ngx_http_autoindex_module). */
@NullMarked
package io.gatehouse.module.autoindex;

import org.jspecify.annotations.NullMarked;
