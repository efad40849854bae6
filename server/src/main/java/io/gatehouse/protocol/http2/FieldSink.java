package io.gatehouse.protocol.http2;

import io.netty.util.AsciiString;

/** Takes the fields of one header block in their order. */
interface FieldSink {
    /** Both are valid during the call only. */
    void field(AsciiString name, AsciiString value);
}
