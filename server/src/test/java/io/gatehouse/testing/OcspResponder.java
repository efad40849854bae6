package io.gatehouse.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.X509ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A responder of OCSP on a port of its own, which answers over HTTP what it is told to. */
public final class OcspResponder implements AutoCloseable {
    /** What comes as it is, whatever is asked, in place of a response. */
    public interface Raw {
        byte[] answer(byte[] response) throws IOException;
    }

    /** What it says of a certificate, how long that holds, and who signs it. */
    public record Says(@Nullable CertificateStatus status, Duration validFor, X509Bundle signer, boolean enclosed) {
        public static Says good() {
            return new Says(CertificateStatus.GOOD, Duration.ofDays(1), Pki.CA, false);
        }

        public static Says revoked() {
            return new Says(new RevokedStatus(new Date(), 1), Duration.ofDays(1), Pki.CA, false);
        }

        public static Says unknown() {
            return new Says(new UnknownStatus(), Duration.ofDays(1), Pki.CA, false);
        }

        public Says validFor(Duration other) {
            return new Says(status, other, signer, enclosed);
        }

        /** @param encloses whether the signer's certificate comes with the response */
        public Says signedBy(X509Bundle other, boolean encloses) {
            return new Says(status, validFor, other, encloses);
        }
    }

    /** The targets of all requests. */
    public final List<String> asked = new CopyOnWriteArrayList<>();
    /** The responses in DER. */
    public final List<byte[]> given = new CopyOnWriteArrayList<>();

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<BigInteger, Says> byNumber = new ConcurrentHashMap<>();
    private final Map<String, Raw> byPath = new ConcurrentHashMap<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final CountDownLatch abandoned = new CountDownLatch(1);

    public OcspResponder() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    /** The value of the extension by which a certificate names this responder, as that host. */
    public static byte[] access(String url) throws IOException {
        return new AuthorityInformationAccess(new AccessDescription(
                        X509ObjectIdentifiers.ocspAccessMethod,
                        new GeneralName(GeneralName.uniformResourceIdentifier, url)))
                .getEncoded();
    }

    public void says(X509Certificate of, Says what) {
        byNumber.put(of.getSerialNumber(), what);
    }

    /** Requests below this path are answered so. */
    public void says(String path, Raw raw) {
        byPath.put(path, raw);
    }

    /** From now on requests wait. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    public void release() {
        gate.countDown();
    }

    /** Becomes zero when somebody who had to wait has gone. */
    public CountDownLatch abandoned() {
        return abandoned;
    }

    public long asked(String path) {
        return asked.stream().filter(target -> target.startsWith(path)).count();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
                head.write(in.read());
            }
            String target = head.toString(ISO_8859_1).split(" ", 3)[1];
            asked.add(target);
            CountDownLatch waits = gate;
            if (waits.getCount() > 0) {
                Thread.ofVirtual().start(() -> {
                    try {
                        if (in.read() < 0) {
                            abandoned.countDown();
                        }
                    } catch (IOException e) {
                        abandoned.countDown();
                    }
                });
                waits.await();
            }
            client.getOutputStream().write(answer(target));
        } catch (IOException | InterruptedException | UncheckedIOException e) {
            // The client has gone.
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] answer(String target) throws Exception {
        int slash = target.lastIndexOf('/');
        OCSPReq request =
                new OCSPReq(Base64.getDecoder().decode(URLDecoder.decode(target.substring(slash + 1), ISO_8859_1)));
        CertificateID id = request.getRequestList()[0].getCertID();
        byte[] response = response(id, byNumber.getOrDefault(id.getSerialNumber(), Says.unknown()));
        Raw raw = byPath.get(target.substring(0, slash + 1));
        if (raw != null) {
            return raw.answer(response);
        }
        given.add(response);
        return http("application/ocsp-response", response);
    }

    /** An answer that ends with the connection. */
    public static byte[] http(String type, byte[] body) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(
                ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: " + type + "\r\n\r\n").getBytes(ISO_8859_1));
        answer.writeBytes(body);
        return answer.toByteArray();
    }

    private static byte[] response(CertificateID id, Says says) throws Exception {
        X509Certificate signer = says.signer().getCertificate();
        Instant now = Instant.now();
        Instant until = now.plus(says.validFor());
        Instant since = until.isBefore(now) ? until.minus(Duration.ofDays(1)) : now.minusSeconds(60);
        BasicOCSPResp basic = new JcaBasicOCSPRespBuilder(signer.getSubjectX500Principal())
                .addResponse(id, says.status(), Date.from(since), Date.from(until))
                .build(
                        new JcaContentSignerBuilder("SHA256withECDSA")
                                .build(says.signer().getKeyPair().getPrivate()),
                        says.enclosed() ? new X509CertificateHolder[] {new JcaX509CertificateHolder(signer)} : null,
                        new Date());
        return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic).getEncoded();
    }

    @Override
    public void close() throws IOException {
        release();
        socket.close();
    }
}
