package io.gatehouse.tls.ocsp;

import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.http1.UpstreamHead;
import io.gatehouse.upstream.NameResolver;
import io.gatehouse.upstream.ResolverSettings;
import io.gatehouse.upstream.SocketName;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.ErrnoException;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One question to a responder over HTTP, as nginx puts it: a GET of HTTP/1.0 (RFC 6960, A.1) to each address in turn until one
 * answers. On one loop.
 */
final class Fetch implements Sink, NameResolver.Answer {
    /** Responses with the certificates of who has signed them have some kilobytes. */
    private static final int LONGEST = 64 * 1024;

    /** A resolver that has gone with its configuration does not answer: it is waited for a little longer than it may take. */
    private static final long RESOLVER_GRACE = 1_000;

    /** Hears what came of it, once, on the loop. */
    interface Receiver {
        /** The body of an answer. */
        void answered(byte[] response);

        /** There is none; the log knows why. */
        void failed();
    }

    private final Loop loop;
    private final ResponderUrl url;
    private final byte[] request;
    private final long timeout;
    private final FetchLog log;
    private final Receiver receiver;
    private final Deadline patience;
    private final UpstreamHead head = new UpstreamHead();

    private List<SocketAddress> addresses;
    private int next;
    private NameResolver.@Nullable Question question;
    private boolean resolving;
    private @Nullable Wire wire;
    private byte[] bytes = {};
    private int length;
    /** Where the body begins; 0 while the head is read. */
    private int body;
    /** Where it ends, if the responder has said so; else -1. */
    private long end;

    private boolean over;

    /**
     * @param request in DER
     * @param timeout milliseconds for each address; 0 for none
     */
    Fetch(Loop loop, ResponderUrl url, byte[] request, long timeout, FetchLog log, Receiver receiver) {
        this.loop = loop;
        this.url = url;
        this.request = request;
        this.timeout = timeout;
        this.log = log;
        this.receiver = receiver;
        this.addresses = url.addresses();
        this.patience = loop.deadline(this::timedOut);
        log.responder = url.host();
    }

    /** Begins; the receiver may be told within the call. */
    void begin(ResolverSettings names) {
        NameResolver resolver = names.resolver();
        if (url.literal()) {
            connect();
        } else if (resolver != null) {
            resolving = true;
            if (names.timeoutMillis() > 0) {
                patience.in(names.timeoutMillis() + RESOLVER_GRACE);
            }
            NameResolver.Question asked = resolver.resolve(loop, url.host(), names.timeoutMillis(), this);
            if (resolving) {
                question = asked;
            }
        } else if (addresses.isEmpty()) {
            log.tell(Level.ERROR, "no resolver defined to resolve " + url.host());
            fail();
        } else {
            log.tell(Level.WARN, "no resolver defined to resolve " + url.host());
            connect();
        }
    }

    /** No answer is wanted any more, and none comes. */
    void cancel() {
        over = true;
        leave();
        NameResolver.Question asked = question;
        question = null;
        if (resolving && asked != null) {
            asked.cancel();
        }
    }

    private void leave() {
        patience.clear();
        Wire open = wire;
        wire = null;
        if (open != null) {
            open.close();
        }
    }

    private void fail() {
        if (!over) {
            over = true;
            leave();
            receiver.failed();
        }
    }

    // -- the name

    @Override
    public void found(List<InetAddress> found) {
        List<SocketAddress> resolved = new ArrayList<>(found.size());
        for (InetAddress address : found) {
            resolved.add(new InetSocketAddress(address, url.port()));
        }
        resolving = false;
        question = null;
        if (!over) {
            patience.clear();
            addresses = resolved;
            connect();
        }
    }

    @Override
    public void failed(String reason) {
        resolving = false;
        question = null;
        if (!over) {
            log.tell(Level.ERROR, url.host() + " could not be resolved (" + reason + ")");
            fail();
        }
    }

    // -- an address

    private void connect() {
        SocketAddress address = addresses.get(next);
        log.peer = SocketName.of(address);
        head.reset();
        length = 0;
        body = 0;
        end = -1;
        if (timeout > 0) {
            patience.in(timeout);
        }
        wire = loop.connect(address, null, false, this);
    }

    /** This one has not answered, which has been told. */
    private void tryNext() {
        if (over) {
            return;
        }
        leave();
        if (++next < addresses.size()) {
            connect();
        } else {
            fail();
        }
    }

    private void timedOut() {
        if (resolving) {
            cancelQuestion();
            failed("110: Operation timed out");
        } else {
            log.tell(Level.ERROR, "OCSP responder timed out (110: Connection timed out)");
            tryNext();
        }
    }

    private void cancelQuestion() {
        NameResolver.Question asked = question;
        if (asked != null) {
            asked.cancel();
        }
    }

    @Override
    public void onConnected(Wire open) {
        String text = "GET " + url.target(request) + " HTTP/1.0\r\nHost: " + url.host() + "\r\n\r\n";
        open.write(loop.buffer(text.length()).writeBytes(text.getBytes(StandardCharsets.ISO_8859_1)));
        open.flush();
        open.reading(true);
    }

    @Override
    public void onBytes(Wire from, ByteBuf in) {
        int more = in.readableBytes();
        if (length + more > LONGEST) {
            in.skipBytes(more);
            invalid("OCSP responder sent too long response");
            return;
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.min(LONGEST, 2 * bytes.length)));
        }
        in.readBytes(bytes, length, more);
        length += more;
        if (body == 0 && !readHead()) {
            return;
        }
        if (body > 0 && end >= 0 && length >= end) {
            complete((int) end);
        }
    }

    /** Returns false if there is no more to do with what has come. */
    private boolean readHead() {
        switch (head.read(bytes, length)) {
            case MORE -> {
                return false;
            }
            case NOT_HTTP, INVALID_FIELD -> {
                invalid("OCSP responder sent invalid response");
                return false;
            }
            case DONE -> body = head.end();
        }
        String type = head.fields().get("Content-Type");
        if (type != null && !type.equalsIgnoreCase("application/ocsp-response")) {
            invalid("OCSP responder sent invalid \"Content-Type\" header: \"" + type + "\"");
            return false;
        }
        if (head.status() != 200) {
            invalid("OCSP responder sent status " + head.status());
            return false;
        }
        String size = head.fields().get("Content-Length");
        if (size != null) {
            if (!size.matches("[0-9]{1,6}")) {
                invalid("OCSP responder sent invalid \"Content-Length\" header: \"" + size + "\"");
                return false;
            }
            end = body + Long.parseLong(size);
        }
        return true;
    }

    private void invalid(String message) {
        log.tell(Level.ERROR, message);
        tryNext();
    }

    private void complete(int until) {
        byte[] response = Arrays.copyOfRange(bytes, body, until);
        over = true;
        leave();
        receiver.answered(response);
    }

    @Override
    public void onEnd(Wire from) {
        if (body > 0 && end < 0) {
            complete(length);
        } else {
            invalid("OCSP responder prematurely closed connection");
        }
    }

    @Override
    public void onWritable(Wire from) {}

    @Override
    public void onClosed(Wire from, @Nullable IOException cause) {
        wire = null;
        if (cause instanceof ErrnoException e) {
            invalid(e.call().toLowerCase(Locale.ROOT) + "() failed (" + e.getMessage() + ")");
        } else {
            invalid("OCSP responder prematurely closed connection");
        }
    }
}
