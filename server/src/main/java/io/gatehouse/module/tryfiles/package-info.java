/** try_files: the first file that exists, or somewhere else (ngx_http_try_files_module). */
@NullMarked
package io.gatehouse.module.tryfiles;

import org.jspecify.annotations.NullMarked;
