package io.gatehouse.echo;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * {@code /ws}: sends every message back as one frame; with {@code ?tick=1}, says something by itself each second. Idle
 * clients are pinged and never timed out. One thread does all: what is due is sent while it waits for the client.
 */
final class WebSocketEcho {
    private static final byte[] NOTHING = new byte[0];

    private final EchoSettings settings;
    private final Input in;
    private final WebSocketFrames frames;
    private final boolean ticks;
    private long nextPing;
    private long nextTick;
    private long tick;
    /** The opcode of the message whose fragments are being read; 0 between messages. */
    private int opcode;

    private ByteArrayOutputStream message = new ByteArrayOutputStream();
    private Utf8Check check = new Utf8Check();

    private WebSocketEcho(Exchange exchange) {
        settings = exchange.settings();
        in = exchange.in();
        frames = new WebSocketFrames(this::read, exchange.connection().out());
        ticks = "1".equals(exchange.target().argument("tick"));
        nextPing = settings.in(settings.pingMillis());
        nextTick = settings.in(settings.tickMillis());
    }

    /** Answers the handshake and, if it is one, serves until either side closes. */
    static void serve(Exchange exchange) throws IOException {
        if (WebSocketHandshake.accept(exchange)) {
            new WebSocketEcho(exchange).run(exchange.connection());
        }
    }

    private void run(EchoConnection connection) throws IOException {
        try {
            boolean open = true;
            while (open) {
                open = frame();
            }
        } catch (WebSocketFrames.Violation violation) {
            frames.writeClose(violation.code(), String.valueOf(violation.getMessage()));
        } catch (EOFException ended) {
            if (connection.serverIsClosing()) {
                frames.writeClose(1001, "the application ends");
            }
        }
    }

    /** Reads and answers one frame; false if it was the last. */
    private boolean frame() throws IOException {
        WebSocketFrames.Head head = frames.readHead();
        if (head.isControl()) {
            ByteArrayOutputStream payload = new ByteArrayOutputStream(WebSocketFrames.MAX_CONTROL);
            frames.readPayload(head, (bytes, length) -> payload.write(bytes, 0, length));
            return control(head.opcode(), payload.toByteArray());
        }
        boolean continues = head.opcode() == WebSocketFrames.CONTINUATION;
        if (continues != (opcode != 0)) {
            throw new WebSocketFrames.Violation(
                    1002, continues ? "a fragment continues nothing" : "a message begins within another");
        }
        if (head.length() > settings.maxMessage() - message.size()) {
            throw new WebSocketFrames.Violation(1009, "a message has at most " + settings.maxMessage() + " bytes");
        }
        if (!continues) {
            opcode = head.opcode();
        }
        frames.readPayload(head, this::take);
        if (head.last()) {
            echo();
        }
        return true;
    }

    private void take(byte[] bytes, int length) throws IOException {
        if (opcode == WebSocketFrames.TEXT && !check.accepts(bytes, length)) {
            throw notUtf8();
        }
        message.write(bytes, 0, length);
    }

    private static WebSocketFrames.Violation notUtf8() {
        return new WebSocketFrames.Violation(1007, "the text is not UTF-8");
    }

    private void echo() throws IOException {
        if (!check.isComplete()) {
            throw notUtf8();
        }
        frames.write(opcode, message.toByteArray());
        opcode = 0;
        message = new ByteArrayOutputStream();
        check = new Utf8Check();
    }

    private boolean control(int kind, byte[] payload) throws IOException {
        if (kind == WebSocketFrames.PING) {
            frames.write(WebSocketFrames.PONG, payload);
        } else if (kind == WebSocketFrames.CLOSE) {
            requireClose(payload);
            frames.write(WebSocketFrames.CLOSE, Arrays.copyOf(payload, Math.min(payload.length, 2)));
            return false;
        }
        return true;
    }

    /** Checks a Close frame's code (RFC 6455, section 7.4, and IANA's registry) and reason. */
    private static void requireClose(byte[] payload) throws WebSocketFrames.Violation {
        if (payload.length == 0) {
            return;
        }
        int code = payload.length == 1 ? 0 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        boolean registered = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
        if (!registered && (code < 3000 || code > 4999)) {
            throw new WebSocketFrames.Violation(1002, "a Close frame has a code that may not be sent");
        }
        Utf8Check reason = new Utf8Check();
        byte[] text = Arrays.copyOfRange(payload, 2, payload.length);
        if (!reason.accepts(text, text.length) || !reason.isComplete()) {
            throw notUtf8();
        }
    }

    private int read(byte[] into, int offset, int length) throws IOException {
        while (true) {
            sendDue();
            try {
                return in.read(into, offset, length, ticks && nextTick - nextPing < 0 ? nextTick : nextPing);
            } catch (SocketTimeoutException due) {
                // What is due is sent at the loop's begin.
            }
        }
    }

    private void sendDue() throws IOException {
        long now = settings.nanos().getAsLong();
        if (nextPing - now <= 0) {
            frames.write(WebSocketFrames.PING, NOTHING);
            nextPing = settings.in(settings.pingMillis());
        }
        if (ticks && nextTick - now <= 0) {
            tick++;
            Json text = new Json().open('{').name("tick").raw(tick);
            text.name("time").value(settings.wall().instant().toString()).close('}');
            frames.write(WebSocketFrames.TEXT, text.toString().strip().getBytes(StandardCharsets.UTF_8));
            nextTick = settings.in(settings.tickMillis());
        }
    }
}
