package io.gatehouse.module.proxy;

import io.gatehouse.exchange.CoreSettings.ErrorPage;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.http1.ChunkedDecoder;
import io.gatehouse.protocol.http1.UpstreamHead;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads an application's answer from the wire and hands it on: head, body without its framing, end. */
final class AnswerReader {
    private static final int NO_BODY = 0;
    private static final int BY_LENGTH = 1;
    private static final int CHUNKED = 2;
    private static final int UNTIL_CLOSE = 3;

    private final Passage passage;
    private final Exchange x;
    private final ProxySettings settings;
    private final ProxyGear gear;
    private final Delivery delivery;
    private @Nullable Wire wire;
    private @Nullable AnswerHead answer;
    private @Nullable ChunkedDecoder chunks;
    private int headLength;
    private int hintsLength;
    private boolean begun;
    private boolean close;
    private int framing;
    private long remaining;

    AnswerReader(Passage passage) {
        this.passage = passage;
        this.x = passage.x;
        this.settings = passage.settings;
        this.gear = passage.gear;
        this.delivery = new Delivery(passage);
    }

    void begin(Wire from) {
        wire = from;
    }

    /** Gets ready for another attempt. */
    void again() {
        gear.head.reset();
        headLength = 0;
        hintsLength = 0;
        begun = false;
        wire = null;
        x.upstreamFields = null;
    }

    /** Whether a byte of an answer has come in this attempt. */
    boolean hasBegun() {
        return begun;
    }

    // ---------------------------------------------------------------- the head

    /** Bytes that begin an answer, or go on with its head. */
    void head(ByteBuf in) {
        begun = true;
        UpstreamHead head = gear.head;
        int most = settings.bufferSize;
        while (true) {
            int length = Math.min(in.readableBytes(), most - headLength);
            byte[] bytes = gear.room(Math.min(most, headLength + length));
            in.readBytes(bytes, headLength, length);
            headLength += length;
            switch (head.read(bytes, headLength)) {
                case MORE -> {
                    if (headLength == most) {
                        x.log(Level.ERROR, "upstream sent too big header");
                        passage.failed(NextUpstream.INVALID_HEADER);
                    }
                    return;
                }
                case NOT_HTTP -> {
                    x.log(Level.ERROR, "upstream sent no valid HTTP/1.0 header");
                    passage.failed(NextUpstream.INVALID_HEADER);
                    return;
                }
                case INVALID_FIELD -> {
                    x.log(Level.ERROR, "upstream sent invalid header: \"" + head.offence() + "\"");
                    passage.failed(NextUpstream.INVALID_HEADER);
                    return;
                }
                case DONE -> {}
            }
            // what was read beyond the head goes back
            in.readerIndex(in.readerIndex() - (headLength - head.end()));
            if (head.status() >= 200 || head.status() == 101 || head.status() < 100) {
                complete(in);
                return;
            }
            if (!interim(head)) {
                return;
            }
        }
    }

    /** An answer before the answer. Returns whether reading goes on. */
    private boolean interim(UpstreamHead head) {
        if (head.status() == 103) {
            if (!head.isHttp11()) {
                x.log(Level.ERROR, "upstream sent HTTP/1.0 response with early hints");
                passage.failed(NextUpstream.INVALID_HEADER);
                return false;
            }
            hintsLength += head.end();
            if (hintsLength > settings.bufferSize) {
                x.log(Level.INFO, "upstream sent too big early hints");
            } else {
                hints(head.fields());
            }
        }
        head.reset();
        headLength = 0;
        return true;
    }

    private void hints(Headers fields) {
        if (!wantsHints()) {
            return;
        }
        Headers out = new Headers();
        for (int i = 0; i < fields.size(); i++) {
            switch (fields.id(i)) {
                case FieldName.CONNECTION,
                        FieldName.CONTENT_LENGTH,
                        FieldName.TRANSFER_ENCODING,
                        FieldName.KEEP_ALIVE -> {}
                default -> {
                    if (!settings.rules.hides(fields, i)) {
                        out.addFrom(fields, i);
                    }
                }
            }
        }
        x.sendInterim(103, out);
    }

    private boolean wantsHints() {
        for (Template condition : settings.earlyHints) {
            String value = condition.eval(x);
            if (!value.isEmpty() && !value.equals("0")) {
                return true;
            }
        }
        return false;
    }

    private void complete(ByteBuf in) {
        UpstreamHead head = gear.head;
        x.upstreamFields = head.fields();
        AnswerHead read = new AnswerHead(x, settings, head);
        answer = read;
        int status = head.status();
        boolean understood = read.read();
        passage.headArrived(status);
        if (!understood) {
            passage.failed(NextUpstream.INVALID_HEADER);
            return;
        }
        close = read.close;
        frame(read, status);
        if (status >= 300 && (passage.asksAnother(status) || intercepted(status))) {
            return;
        }
        String redirect = read.redirect();
        if (redirect != null) {
            redirect(redirect);
            return;
        }
        boolean upgraded = status == 101 && x.request.has(FieldName.UPGRADE);
        if (status == 101 && !upgraded) {
            // nobody asked for it: what follows is no protocol that anybody here speaks
            close = true;
            x.keepAlive = false;
        }
        read.apply();
        x.response.expectTrailers = settings.passTrailers && framing == CHUNKED;
        if (!x.sendHead()) {
            // a filter answered in its place
            passage.answered(false);
            return;
        }
        if (upgraded) {
            ProxyTunnel.join(passage, in);
            return;
        }
        delivery.begin(read.buffering, status, read.contentLength);
        passage.bodyBegins();
        if (x.response.headerOnly && !settings.store.on() && framing != NO_BODY) {
            // the client wants no body, so the application need not go on
            passage.answered(false);
            x.end();
            return;
        }
        body(in);
    }

    /** How the body is delimited (RFC 9112, 6.3). */
    private void frame(AnswerHead read, int status) {
        if (status == 204
                || status == 304
                || status == 101
                || passage.sender().method().equals("HEAD")) {
            framing = NO_BODY;
        } else if (read.chunked) {
            framing = CHUNKED;
            chunks = new ChunkedDecoder(settings.bufferSize, 0);
        } else if (read.contentLength == 0) {
            framing = NO_BODY;
        } else if (read.contentLength > 0) {
            framing = BY_LENGTH;
            remaining = read.contentLength;
        } else {
            framing = UNTIL_CLOSE;
        }
    }

    /** Whether {@code error_page} answers in place of the application. */
    private boolean intercepted(int status) {
        if (!settings.interceptErrors) {
            return false;
        }
        for (ErrorPage page : x.location.core.errorPages()) {
            if (page.status() == status) {
                if (status == 401) {
                    challenges();
                }
                boolean reusable = framing == NO_BODY && !close;
                passage.answered(reusable);
                x.resume(Outcome.status(status));
                return true;
            }
        }
        return false;
    }

    private void challenges() {
        Headers fields = gear.head.fields();
        for (int i = fields.find(FieldName.WWW_AUTHENTICATE);
                i >= 0;
                i = fields.find(FieldName.WWW_AUTHENTICATE, i + 1)) {
            x.response.headers.addFrom(fields, i);
        }
    }

    private void redirect(String target) {
        boolean reusable = framing == NO_BODY && !close;
        if (answer != null) {
            answer.applyForRedirect();
        }
        if (target.startsWith("@")) {
            passage.redirected(Outcome.named(target), reusable);
            return;
        }
        AccelRedirect parsed = AccelRedirect.parse(target);
        if (parsed == null) {
            x.log(Level.ERROR, "unsafe URI \"" + target + "\" was detected");
            passage.redirected(Outcome.status(404), reusable);
            return;
        }
        if (!x.isHead()) {
            x.method = "GET";
        }
        passage.redirected(Outcome.uri(parsed.uri(), parsed.args()), reusable);
    }

    // ---------------------------------------------------------------- the body

    /** Bytes behind the head. */
    void body(ByteBuf in) {
        switch (framing) {
            case BY_LENGTH -> byLength(in);
            case CHUNKED -> chunked(in);
            case UNTIL_CLOSE -> {
                if (in.isReadable()) {
                    deliver(in, in.readableBytes());
                }
            }
            default -> {
                if (in.isReadable()) {
                    tooMuch();
                }
                whole();
            }
        }
    }

    private void byLength(ByteBuf in) {
        int length = (int) Math.min(remaining, in.readableBytes());
        if (length > 0) {
            remaining -= length;
            deliver(in, length);
        }
        if (remaining == 0) {
            if (in.isReadable()) {
                tooMuch();
            }
            whole();
        }
    }

    private void tooMuch() {
        x.log(Level.WARN, "upstream sent more data than specified in \"Content-Length\" header");
        close = true;
    }

    private void chunked(ByteBuf in) {
        ChunkedDecoder decoder = chunks;
        if (decoder == null) {
            return;
        }
        while (true) {
            switch (decoder.next(in)) {
                case ChunkedDecoder.DATA -> {
                    int length = decoder.available(in);
                    deliver(in, length);
                    decoder.took(length);
                }
                case ChunkedDecoder.END -> {
                    if (in.isReadable()) {
                        x.log(Level.WARN, "upstream sent data after final chunk");
                        close = true;
                    }
                    trailers(decoder.trailers());
                    whole();
                    return;
                }
                case ChunkedDecoder.INVALID -> {
                    x.log(Level.ERROR, "upstream sent invalid chunked response");
                    passage.breakOff();
                    return;
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void trailers(@Nullable Headers fields) {
        x.upstreamTrailers = fields;
        if (fields == null || !settings.passTrailers) {
            return;
        }
        Headers out = new Headers();
        for (int i = 0; i < fields.size(); i++) {
            if (!settings.rules.hides(fields, i)) {
                out.addFrom(fields, i);
            }
        }
        x.response.trailers = out;
    }

    private void deliver(ByteBuf in, int length) {
        passage.bodyBytes(length);
        delivery.piece(in.readRetainedSlice(length));
    }

    private void whole() {
        passage.answered(!close);
        delivery.end();
    }

    /** What came in this turn of the loop was handed on. */
    void afterRead() {
        Wire from = wire;
        if (from != null) {
            delivery.afterRead(from);
        }
    }

    /** The application has shut its side. */
    void ended() {
        if (framing == UNTIL_CLOSE) {
            close = true;
            whole();
            return;
        }
        x.log(Level.ERROR, "upstream prematurely closed connection");
        passage.breakOff();
    }

    void breakOff() {
        delivery.breakOff();
    }

    /** Whether the application is not read because the client, or the disk, is slower. */
    boolean isHeld() {
        return delivery.isHeld();
    }

    /** Whether it is not read for a while that was chosen, and the deadline means the end of that. */
    boolean isWaitingOnPurpose() {
        return delivery.isWaiting();
    }

    void goOn() {
        delivery.goOn();
    }

    /** The exchange is over: nothing goes to the client any more. */
    void clientOver() {
        delivery.clientOver();
    }
}
