/** empty_gif: one transparent pixel (ngx_http_empty_gif_module). */
@NullMarked
package io.gatehouse.module.emptygif;

import org.jspecify.annotations.NullMarked;
