package io.gatehouse.wire.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a client (RFC 8446, 4.1.2), read before there is an engine: it decides which server's certificates and
 * settings the engine is made with. Only looked at, never changed; what is wrong with it the engine will say.
 *
 * @param serverName of the server_name extension as it was sent, or empty
 * @param alpn the protocols offered, the most wanted first
 * @param ciphers the numbers of the cipher suites offered
 * @param groups the numbers of the groups offered
 * @param signatures the numbers of the signature algorithms offered
 * @param protocols the numbers of the versions offered (0x0304 for TLS 1.3); of an older client its highest one
 * @param ticket the first session that the client would go on with in TLS 1.3, as it was given it; empty if there is none
 * @param wantsStatus whether the client asks what the authority says of the certificate (RFC 6066, 8)
 */
public record ClientHello(
        String serverName,
        List<String> alpn,
        char[] ciphers,
        char[] groups,
        char[] signatures,
        char[] protocols,
        byte[] ticket,
        boolean wantsStatus) {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int STATUS_REQUEST = 5;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int PRE_SHARED_KEY = 41;
    private static final int SUPPORTED_VERSIONS = 43;

    /** The only type of status that can be asked for. */
    private static final int OCSP = 1;

    /** BoringSSL refuses longer messages. */
    private static final int LONGEST = 16 * 1024;

    private static final char[] NONE = {};
    private static final byte[] NO_BYTES = {};

    /** What can be said of the first bytes of a connection. */
    public sealed interface Reading {
        /** There is more to come. */
        record Incomplete() implements Reading {}

        /** Something else, or broken: the engine will tell the client. */
        record Unreadable() implements Reading {}

        record Read(ClientHello hello) implements Reading {}
    }

    private static final Reading INCOMPLETE = new Reading.Incomplete();
    private static final Reading UNREADABLE = new Reading.Unreadable();

    /** Whether a connection that begins with this byte is taken for TLS, as by nginx: a record, or a hello of SSL 2. */
    public static boolean begins(byte first) {
        return first == HANDSHAKE || (first & 0x80) != 0;
    }

    /** Reads it from the first bytes of a connection, whose reader index stays. */
    public static Reading read(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        if (at == end) {
            return INCOMPLETE;
        }
        if (bytes.getByte(at) != HANDSHAKE) {
            return UNREADABLE;
        }
        byte[] message = new byte[Math.min(end - at, LONGEST + 4)];
        int length = 0;
        int wanted = 4;
        while (length < wanted) {
            if (end - at < 5) {
                return INCOMPLETE;
            }
            int record = bytes.getUnsignedShort(at + 3);
            if (bytes.getByte(at) != HANDSHAKE
                    || bytes.getByte(at + 1) != 3
                    || record == 0
                    || record > TlsEngine.RECORD) {
                return UNREADABLE;
            }
            int part = Math.min(Math.min(record, end - at - 5), message.length - length);
            bytes.getBytes(at + 5, message, length, part);
            length += part;
            if (length >= 4) {
                wanted = 4 + ((message[1] & 255) << 16 | (message[2] & 255) << 8 | message[3] & 255);
                if (message[0] != CLIENT_HELLO || wanted > LONGEST + 4) {
                    return UNREADABLE;
                }
            }
            if (part < record && length < wanted) {
                return INCOMPLETE;
            }
            at += 5 + record;
        }
        try {
            return new Reading.Read(parse(new Bytes(message, 4, wanted)));
        } catch (IndexOutOfBoundsException e) {
            return UNREADABLE;
        }
    }

    private static ClientHello parse(Bytes in) {
        int version = in.two();
        in.skip(32);
        in.skip(in.one());
        char[] ciphers = numbers(in.part(in.two()));
        in.skip(in.one());
        String name = "";
        List<String> alpn = List.of();
        char[] groups = NONE;
        char[] signatures = NONE;
        char[] versions = {(char) version};
        byte[] ticket = NO_BYTES;
        boolean wantsStatus = false;
        if (in.isEmpty()) {
            return new ClientHello(name, alpn, ciphers, groups, signatures, versions, ticket, false);
        }
        Bytes extensions = in.part(in.two());
        while (!extensions.isEmpty()) {
            int type = extensions.two();
            Bytes body = extensions.part(extensions.two());
            switch (type) {
                case SERVER_NAME -> {
                    String found = serverName(body);
                    name = found == null ? name : found;
                }
                case SUPPORTED_GROUPS -> groups = numbers(body.part(body.two()));
                case SIGNATURE_ALGORITHMS -> signatures = numbers(body.part(body.two()));
                case ALPN -> alpn = names(body.part(body.two()));
                case PRE_SHARED_KEY -> {
                    Bytes identities = body.part(body.two());
                    ticket = identities.part(identities.two()).bytes();
                }
                case STATUS_REQUEST -> wantsStatus = !body.isEmpty() && body.one() == OCSP;
                case SUPPORTED_VERSIONS -> versions = numbers(body.part(body.one()));
                default -> {}
            }
        }
        return new ClientHello(name, alpn, ciphers, groups, signatures, versions, ticket, wantsStatus);
    }

    /** Whether the client offers a version: 0x0304 for TLS 1.3. */
    public boolean offers(char version) {
        for (char offered : protocols) {
            if (offered == version) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String serverName(Bytes body) {
        Bytes list = body.part(body.two());
        while (!list.isEmpty()) {
            int type = list.one();
            Bytes name = list.part(list.two());
            if (type == 0) {
                return name.text();
            }
        }
        return null;
    }

    private static List<String> names(Bytes list) {
        List<String> names = new ArrayList<>();
        while (!list.isEmpty()) {
            names.add(list.part(list.one()).text());
        }
        return List.copyOf(names);
    }

    private static char[] numbers(Bytes list) {
        char[] numbers = new char[list.left() / 2];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (char) list.two();
        }
        return numbers;
    }

    /** Part of the message; reading behind its end throws IndexOutOfBoundsException. */
    private static final class Bytes {
        private final byte[] all;
        private int at;
        private final int end;

        Bytes(byte[] all, int at, int end) {
            if (end > all.length) {
                throw new IndexOutOfBoundsException();
            }
            this.all = all;
            this.at = at;
            this.end = end;
        }

        int left() {
            return end - at;
        }

        boolean isEmpty() {
            return at == end;
        }

        void skip(int length) {
            if (length > left()) {
                throw new IndexOutOfBoundsException();
            }
            at += length;
        }

        int one() {
            skip(1);
            return all[at - 1] & 255;
        }

        int two() {
            skip(2);
            return (all[at - 2] & 255) << 8 | all[at - 1] & 255;
        }

        Bytes part(int length) {
            skip(length);
            return new Bytes(all, at - length, at);
        }

        byte[] bytes() {
            return java.util.Arrays.copyOfRange(all, at, end);
        }

        String text() {
            return new String(all, at, left(), StandardCharsets.ISO_8859_1);
        }
    }
}
