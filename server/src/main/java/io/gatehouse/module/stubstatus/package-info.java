/** stub_status: how many connections there are (ngx_http_stub_status_module). */
@NullMarked
package io.gatehouse.module.stubstatus;

import org.jspecify.annotations.NullMarked;
