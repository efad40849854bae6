/** TLS towards clients: nginx's {@code ngx_http_ssl_module}. */
@NullMarked
package io.gatehouse.module.ssl;

import org.jspecify.annotations.NullMarked;
