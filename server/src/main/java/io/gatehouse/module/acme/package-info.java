/** Certificates that come by themselves: {@code auto_https}, and the directives of nginx's ngx_http_acme_module. */
@NullMarked
package io.gatehouse.module.acme;

import org.jspecify.annotations.NullMarked;
