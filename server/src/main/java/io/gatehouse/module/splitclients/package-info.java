/** split_clients: a variable whose value falls on shares of clients (ngx_http_split_clients_module). */
@NullMarked
package io.gatehouse.module.splitclients;

import org.jspecify.annotations.NullMarked;
