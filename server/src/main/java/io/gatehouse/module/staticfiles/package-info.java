/** Files as answers, and disable_symlinks (ngx_http_static_module). */
@NullMarked
package io.gatehouse.module.staticfiles;

import org.jspecify.annotations.NullMarked;
