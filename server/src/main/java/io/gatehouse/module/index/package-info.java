/** index: the file that stands for a folder (ngx_http_index_module). */
@NullMarked
package io.gatehouse.module.index;

import org.jspecify.annotations.NullMarked;
