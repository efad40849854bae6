package io.gatehouse.module.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Pki;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCertificateCompressionAlgorithm;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig.AlgorithmMode;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ssl_certificate_compression}, as a client sees it that says it can undo zlib (RFC 8879). */
@Timeout(60)
class CompressedCertificateTest {
    private static final String SERVER =
            "listen 127.0.0.1:PORT ssl; ssl_certificate a.pem; ssl_certificate_key a.key;" + " return 200 ok;";

    @TempDir
    private Path folder;

    private final Zlib zlib = new Zlib();
    private final X509Bundle bundle = Pki.server("localhost");

    @Test
    void aClientThatCanUndoItGetsItCompressed() throws Exception {
        assumeTrue(OpenSsl.isAvailable(), "no BoringSSL for this machine");
        try (TlsSite site = site("ssl_certificate_compression on;")) {
            shake(site);
            byte[] message = zlib.undone.poll(20, TimeUnit.SECONDS);
            // what is compressed is TLS 1.3's Certificate message (RFC 8446, 4.4.2), with the certificate in it
            assertThat(message).isNotNull();
            assertThat(message).containsSequence(bundle.getCertificatePath()[0].getEncoded());
            shake(site);
            assertThat(zlib.undone).as("the second time").hasSize(1);
            assertThat(site.get(Pki.jdk(), "localhost", "localhost", "/"))
                    .as("whoever cannot undo it")
                    .endsWith("ok");
        }
    }

    @Test
    void itIsOffByDefault() throws Exception {
        assumeTrue(OpenSsl.isAvailable(), "no BoringSSL for this machine");
        try (TlsSite site = site("")) {
            shake(site);
            assertThat(zlib.undone).isEmpty();
        }
    }

    private TlsSite site(String directive) throws Exception {
        return new TlsSite(folder).certificate("a", bundle).serve("server { " + SERVER + directive + " }");
    }

    /** A handshake to its end, in which the server's certificate is verified. */
    private void shake(TlsSite site) throws Exception {
        SslContext context = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .trustManager(Pki.CA.getCertificate())
                .option(
                        OpenSslContextOption.CERTIFICATE_COMPRESSION_ALGORITHMS,
                        OpenSslCertificateCompressionConfig.newBuilder()
                                .addAlgorithm(zlib, AlgorithmMode.Decompress)
                                .build())
                .build();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            SslHandler[] handler = new SslHandler[1];
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel made) {
                            handler[0] = context.newHandler(made.alloc(), "localhost", site.port);
                            made.pipeline().addLast(handler[0]);
                        }
                    })
                    .connect(InetAddress.getLoopbackAddress(), site.port)
                    .sync()
                    .channel();
            handler[0].handshakeFuture().sync();
            channel.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** Keeps what it undid. */
    private static final class Zlib implements OpenSslCertificateCompressionAlgorithm {
        final LinkedBlockingQueue<byte[]> undone = new LinkedBlockingQueue<>();

        @Override
        public byte[] compress(SSLEngine engine, byte[] input) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] decompress(SSLEngine engine, int length, byte[] input) throws Exception {
            byte[] output = new InflaterInputStream(new ByteArrayInputStream(input)).readAllBytes();
            assertThat(output).hasSize(length);
            undone.add(output);
            return output;
        }

        @Override
        public int algorithmId() {
            return 1; // zlib (RFC 8879, 3)
        }
    }
}
