/** access_log and log_format: one line for each request (ngx_http_log_module). */
@NullMarked
package io.gatehouse.module.accesslog;

import org.jspecify.annotations.NullMarked;
