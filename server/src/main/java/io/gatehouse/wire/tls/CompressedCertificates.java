package io.gatehouse.wire.tls;

import io.netty.internal.tcnative.CertificateCompressionAlgo;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Compresses certificates with zlib (RFC 8879), each once. Called within handshakes of any loop. */
final class CompressedCertificates implements CertificateCompressionAlgo {
    /** There are as many as certificates are shown; a client's part of the message is always empty. */
    private static final int MOST = 16;

    private final ConcurrentHashMap<ByteBuffer, byte[]> compressed = new ConcurrentHashMap<>();

    @Override
    public byte[] compress(long ssl, byte[] input) throws Exception {
        byte[] known = compressed.get(ByteBuffer.wrap(input));
        if (known != null) {
            return known;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length);
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (DeflaterOutputStream deflating = new DeflaterOutputStream(out, deflater)) {
            deflating.write(input);
        } finally {
            deflater.end();
        }
        byte[] output = out.toByteArray();
        if (compressed.size() < MOST) {
            compressed.put(ByteBuffer.wrap(input), output);
        }
        return output;
    }

    @Override
    public byte[] decompress(long ssl, int length, byte[] input) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int algorithmId() {
        return TLS_EXT_CERT_COMPRESSION_ZLIB;
    }
}
