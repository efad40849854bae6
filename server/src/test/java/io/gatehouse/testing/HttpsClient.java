package io.gatehouse.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection over TLS to a name that lives at 127.0.0.1; the certificate has to be the name's. */
public final class HttpsClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final String name;
    private final SSLSocket socket;
    private final InputStream in;

    public HttpsClient(SSLContext trust, String name, int port) throws IOException {
        this(trust, name, new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Shakes hands over a connection of which nothing was used yet. */
    public HttpsClient(SSLContext trust, String name, Socket plain) throws IOException {
        this.name = name;
        plain.setSoTimeout(PATIENCE_MILLIS);
        socket = secured(trust, plain, name);
        in = socket.getInputStream();
    }

    /** Shakes hands over a connection; it is closed if the certificate is not the name's. */
    static SSLSocket secured(SSLContext trust, Socket plain, String name) throws IOException {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(plain, name, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    public X509Certificate certificate() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    /** Whether the authority's word on the certificate came along with it (RFC 6066, 8). */
    public boolean hasStatus() {
        List<byte[]> responses = ((ExtendedSSLSession) socket.getSession()).getStatusResponses();
        return responses.stream().anyMatch(response -> response.length > 0);
    }

    /** The only request of the connection: the whole answer. */
    public String get(String target, String... fields) throws IOException {
        send("GET " + target + " HTTP/1.1\r\nHost: " + name + "\r\n" + String.join("", fields)
                + "Connection: close\r\n\r\n");
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    /** Sends these octets and returns everything until the server closes. */
    public String exchange(String octets) throws IOException {
        send(octets);
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    /** Opens a WebSocket; the head of the answer. */
    public String upgrade(String target) throws IOException {
        return head("GET " + target + " HTTP/1.1\r\nHost: " + name + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    /** Sends these octets and returns the head of the answer. */
    public String head(String octets) throws IOException {
        send(octets);
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                break;
            }
            head.write(octet);
        }
        return head.toString(ISO_8859_1);
    }

    /** Sends a short message over the WebSocket and returns the one that comes back. */
    public String ask(String message) throws IOException {
        byte[] text = message.getBytes(UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        frame.write(0x80 | text.length);
        // Masked with nothing, which is a mask as well.
        frame.writeBytes(new byte[4]);
        frame.writeBytes(text);
        socket.getOutputStream().write(frame.toByteArray());
        while (true) {
            int opcode = in.read() & 0x0f;
            byte[] body = in.readNBytes(in.read());
            if (opcode == 1) {
                return new String(body, UTF_8);
            }
            if (opcode == 8) {
                throw new IOException("the WebSocket was closed");
            }
        }
    }

    private void send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
