package io.gatehouse.wire.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.internal.tcnative.SSL;

/** Bytes where BoringSSL can read them, until closed. */
final class MemoryBio implements AutoCloseable {
    final long pointer;

    MemoryBio(byte[] bytes) throws TlsSettingsException {
        try {
            pointer = SSL.newMemBIO();
        } catch (Exception e) {
            throw new TlsSettingsException("BIO_new", BoringErrors.within(e));
        }
        ByteBuf direct = Unpooled.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
        try {
            if (bytes.length > 0) {
                SSL.bioWrite(pointer, Addresses.of(direct, 0, bytes.length), bytes.length);
            }
        } finally {
            direct.setZero(0, bytes.length).release(); // It may have been a key.
        }
    }

    @Override
    public void close() {
        SSL.freeBIO(pointer);
    }
}
