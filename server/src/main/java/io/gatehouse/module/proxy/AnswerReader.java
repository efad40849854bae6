package io.gatehouse.module.proxy;

import io.gatehouse.exchange.CoreSettings.ErrorPage;
import io.gatehouse.exchange.DebugLines;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.http1.UpstreamHead;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads the head of an application's answer, and decides what becomes of the answer. The rest is the {@link AnswerBody}'s. */
final class AnswerReader {
    private final Passage passage;
    private final Exchange x;
    private final ProxySettings settings;
    private final ProxyGear gear;
    private final AnswerBody body;
    private @Nullable AnswerHead answer;
    private int headLength;
    private int hintsLength;
    private boolean begun;

    AnswerReader(Passage passage) {
        this.passage = passage;
        this.x = passage.x;
        this.settings = passage.settings;
        this.gear = passage.gear;
        this.body = new AnswerBody(passage);
    }

    void begin(Wire from) {
        body.from(from);
    }

    /** Gets ready for another attempt. */
    void again() {
        gear.head.reset();
        headLength = 0;
        hintsLength = 0;
        begun = false;
        body.from(null);
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
        if (DebugLines.wanted(x)) {
            DebugLines.upstreamAnswer(x, head.status(), head.fields());
        }
        AnswerHead read = new AnswerHead(x, settings, head);
        answer = read;
        int status = head.status();
        boolean understood = read.read();
        passage.headArrived(status);
        if (!understood) {
            passage.failed(NextUpstream.INVALID_HEADER);
            return;
        }
        body.frame(read, status);
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
            body.lastOfConnection();
            x.keepAlive = false;
        }
        read.apply();
        x.response.expectTrailers = settings.passTrailers && body.isChunked();
        if (!x.sendHead()) {
            // a filter answered in its place
            passage.answered(false);
            return;
        }
        if (upgraded) {
            ProxyTunnel.join(passage, in);
            return;
        }
        body.begin(read, status);
        passage.bodyBegins();
        if (x.response.headerOnly && !settings.store.on() && !body.isEmpty() && !(x.isSubrequest() && body.isShort())) {
            // the client wants no body, so the application need not go on
            passage.answered(false);
            x.end();
            return;
        }
        x.action = Conversation.READING;
        body.bytes(in);
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
                boolean reusable = body.isEmpty() && !body.isLastOfConnection();
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
        boolean reusable = body.isEmpty() && !body.isLastOfConnection();
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

    AnswerBody body() {
        return body;
    }
}
