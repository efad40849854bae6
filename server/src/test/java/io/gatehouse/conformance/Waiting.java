package io.gatehouse.conformance;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.RequestBody;
import io.netty.buffer.ByteBuf;

/** Reads a body and answers nothing. */
class Waiting implements RequestBody.Receiver {
    @Override
    public void onBody(Exchange exchange, ByteBuf borrowed) {}

    @Override
    public void onBodyEnd(Exchange exchange) {}

    @Override
    public void onBodyFailed(Exchange exchange, int status) {}
}
