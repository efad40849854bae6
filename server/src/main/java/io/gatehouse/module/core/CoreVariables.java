package io.gatehouse.module.core;

import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.exchange.BasicCredentials;
import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.FieldVariables;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Hostname;
import io.gatehouse.exchange.ServerVersion;
import io.gatehouse.exchange.StoredBody;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.exchange.Variable;
import io.gatehouse.listen.ProxyHeader;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.LogTime;
import io.gatehouse.text.Octets;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.TimeZone;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The variables of nginx's core (ngx_http_variables). */
final class CoreVariables {
    private static final String PID = Long.toString(ProcessHandle.current().pid());

    private CoreVariables() {}

    static void register(VariableRegistry registry) {
        request(registry);
        connection(registry);
        proxyHeader(registry);
        answer(registry);
        process(registry);
        registry.addPrefix("http_", name -> FieldVariables.field(name, x -> x.main().request));
        registry.addPrefix("sent_http_", SentFields::field);
        registry.addPrefix("sent_trailer_", name -> FieldVariables.field(name, x -> x.response.trailers));
        registry.addPrefix("cookie_", name -> x -> cookie(x.request, name));
        registry.addPrefix("arg_", name -> x -> argument(x.args, name));
    }

    private static void request(VariableRegistry r) {
        r.add("host", new HostVariable());
        r.add("request", x -> orNull(x.main().requestLine));
        r.add("request_uri", x -> x.main().unparsedUri);
        r.add("uri", x -> x.uri);
        r.add("document_uri", x -> x.uri);
        r.add("args", new ArgumentsVariable());
        r.add("query_string", new ArgumentsVariable());
        r.add("is_args", x -> x.args.isEmpty() ? "" : "?");
        r.add("request_method", x -> x.main().method.isEmpty() ? null : x.main().method);
        r.add("server_protocol", CoreVariables::protocol);
        r.add("content_length", CoreVariables::contentLength);
        r.add("content_type", FieldVariables.field("content_type", x -> x.request));
        r.add(
                "request_length",
                x -> Long.toString(x.main().headLength + x.main().body.received()));
        r.add("request_time", x -> seconds(sinceStart(x)));
        r.add("request_id", new RequestId());
        r.add("request_completion", x -> x.isEnded() && x.logStatus == 0 ? "OK" : "");
        r.add("request_body", CoreVariables::requestBody);
        r.add("request_body_file", CoreVariables::requestBodyFile);
        r.add("request_filename", x -> FilePaths.of(x, x.uri));
        r.add("document_root", FilePaths::folder);
        r.add("realpath_root", CoreVariables::realpathRoot);
        r.add("server_name", x -> x.server.name());
        r.add("remote_user", CoreVariables::remoteUser);
        r.add("request_port", x -> x.hostPort > 0 ? Integer.toString(x.hostPort) : "");
        r.add("is_request_port", x -> x.hostPort > 0 ? ":" : "");
    }

    private static void connection(VariableRegistry r) {
        r.add("remote_addr", new RemoteAddress());
        r.add("remote_port", x -> x.remotePort > 0 ? Integer.toString(x.remotePort) : "");
        r.add("binary_remote_addr", x -> binary(x.remoteAddress));
        r.add("server_addr", x -> ClientConnection.addressText(x.client.wire.local()));
        r.add("server_port", CoreVariables::serverPort);
        r.add("scheme", new Scheme());
        r.add("https", x -> x.client.scheme.equals("https") ? "on" : "");
        r.add("connection", x -> Long.toString(x.client.number));
        r.add("connection_requests", x -> Integer.toString(x.client.requests));
        r.add("connection_time", x -> seconds((x.loop.nanos() - x.client.acceptedNanos) / 1_000_000));
        r.add("pipe", x -> x.pipelined ? "p" : ".");
        r.add("tcpinfo_rtt", x -> tcpInfo(x, 0));
        r.add("tcpinfo_rttvar", x -> tcpInfo(x, 1));
        r.add("tcpinfo_snd_cwnd", x -> tcpInfo(x, 2));
        r.add("tcpinfo_rcv_space", x -> tcpInfo(x, 3));
    }

    private static void proxyHeader(VariableRegistry r) {
        r.add("proxy_protocol_addr", x -> x.client.proxyHeader == null ? null : x.client.proxyHeader.sourceAddress());
        r.add(
                "proxy_protocol_port",
                x -> x.client.proxyHeader == null ? null : port(x.client.proxyHeader.sourcePort()));
        r.add(
                "proxy_protocol_server_addr",
                x -> x.client.proxyHeader == null ? null : x.client.proxyHeader.destinationAddress());
        r.add(
                "proxy_protocol_server_port",
                x -> x.client.proxyHeader == null ? null : port(x.client.proxyHeader.destinationPort()));
        r.addPrefix("proxy_protocol_tlv_", name -> x -> tlv(x, name));
    }

    private static String port(int port) {
        return port > 0 ? Integer.toString(port) : "";
    }

    private static @Nullable String tlv(Exchange x, String name) {
        ProxyHeader header = x.client.proxyHeader;
        try {
            return header == null ? null : header.tlv(name);
        } catch (ProxyHeader.NoSuchTlv e) {
            x.log(Level.ERROR, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static void answer(VariableRegistry r) {
        r.add("status", CoreVariables::status);
        r.add("bytes_sent", x -> Long.toString(x.bytesSent));
        r.add("body_bytes_sent", x -> Long.toString(x.bodyBytesSent));
        r.add("limit_rate", new LimitRate());
    }

    private static void process(VariableRegistry r) {
        String hostname = Hostname.get();
        LogTime time = new LogTime(TimeZone.getDefault());
        r.add("hostname", x -> hostname);
        r.add("pid", x -> PID);
        r.add("nginx_version", x -> ServerVersion.BASELINE);
        r.add("msec", x -> seconds(x.loop.wallMillis()));
        r.add("time_local", x -> time.at(x.loop.wallMillis()).local());
        r.add("time_iso8601", x -> time.at(x.loop.wallMillis()).iso8601());
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static long sinceStart(Exchange x) {
        return Math.max(0, (x.loop.nanos() - x.main().timeline.at(Timeline.Instant.FIRST_BYTE)) / 1_000_000);
    }

    /** Milliseconds as seconds with three digits behind the point. */
    static String seconds(long millis) {
        long rest = millis % 1000;
        return millis / 1000 + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") + rest;
    }

    /** The protocol as the client wrote it, which may be HTTP/1.2; HTTP/0.9 does not write any. */
    private static @Nullable String protocol(Exchange x) {
        return switch (x.version) {
            case Exchange.HTTP_10 -> asWritten(x, "HTTP/1.0");
            case Exchange.HTTP_11 -> asWritten(x, "HTTP/1.1");
            case Exchange.HTTP_20 -> "HTTP/2.0";
            default -> null;
        };
    }

    private static String asWritten(Exchange x, String usual) {
        String line = x.main().requestLine;
        int at = line.endsWith(usual) ? -1 : line.lastIndexOf("HTTP/");
        return at < 0 ? usual : line.substring(at);
    }

    private static @Nullable String contentLength(Exchange x) {
        String declared = x.request.get(FieldName.CONTENT_LENGTH);
        if (declared != null) {
            return declared;
        }
        StoredBody stored = x.storedBody;
        return stored != null && x.main().body.length() < 0 ? Long.toString(stored.length()) : null;
    }

    private static String status(Exchange x) {
        int status = x.logStatus != 0 ? x.logStatus : x.errorStatus != 0 ? x.errorStatus : x.response.status;
        if (x.version == Exchange.HTTP_09 && status == 0) {
            return "009";
        }
        return status == 0 ? "000" : Integer.toString(status);
    }

    private static @Nullable String requestBody(Exchange x) {
        StoredBody stored = x.storedBody;
        ByteBuf memory = stored == null ? null : stored.memory();
        return memory == null ? null : memory.toString(StandardCharsets.ISO_8859_1);
    }

    private static @Nullable String requestBodyFile(Exchange x) {
        StoredBody stored = x.storedBody;
        return stored == null || stored.path() == null
                ? null
                : Exchange.octets(stored.path().toString());
    }

    private static @Nullable String realpathRoot(Exchange x) {
        try {
            return Exchange.octets(
                    FilePaths.path(FilePaths.folder(x)).toRealPath().toString());
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String remoteUser(Exchange x) {
        BasicCredentials credentials = BasicCredentials.of(x);
        return credentials == null ? null : credentials.user();
    }

    private static String serverPort(Exchange x) {
        SocketAddress local = x.client.wire.local();
        return local instanceof InetSocketAddress inet ? Integer.toString(inet.getPort()) : "";
    }

    /** The four or sixteen octets of an address. */
    private static String binary(String address) {
        byte[] raw = io.netty.util.NetUtil.createByteArrayFromIpAddressString(address);
        // a client on a unix socket has no other address
        return raw == null ? address : new String(raw, StandardCharsets.ISO_8859_1);
    }

    private static @Nullable String tcpInfo(Exchange x, int index) {
        long[] info = x.client.wire.tcpInfo();
        return info == null ? null : Long.toString(info[index]);
    }

    /** The value of a cookie in the Cookie fields (RFC 6265). */
    static @Nullable String cookie(Headers request, String name) {
        for (int i = request.find(FieldName.COOKIE); i >= 0; i = request.find(FieldName.COOKIE, i + 1)) {
            String found = inCookies(request.value(i), name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable String inCookies(String text, String name) {
        int at = 0;
        while (at < text.length()) {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ';')) {
                at++;
            }
            int end = text.indexOf(';', at);
            end = end < 0 ? text.length() : end;
            if (text.regionMatches(true, at, name, 0, name.length())) {
                int equals = at + name.length();
                while (equals < end && text.charAt(equals) == ' ') {
                    equals++;
                }
                if (equals < end && text.charAt(equals) == '=') {
                    return text.substring(equals + 1, end).strip();
                }
            }
            at = end + 1;
        }
        return null;
    }

    /** The value of an argument of the query; the name without regard to case, as nginx compares it. */
    static @Nullable String argument(String args, String name) {
        int at = 0;
        while (at < args.length()) {
            int end = args.indexOf('&', at);
            end = end < 0 ? args.length() : end;
            int equals = at + name.length();
            if (equals < end && args.charAt(equals) == '=' && args.regionMatches(true, at, name, 0, name.length())) {
                return args.substring(equals + 1, end);
            }
            at = end + 1;
        }
        return null;
    }

    private static final class HostVariable implements Variable {
        @Override
        public String get(Exchange x) {
            return x.main().host.isEmpty() ? x.server.name() : x.main().host;
        }
    }

    private static final class RemoteAddress implements Variable {
        @Override
        public String get(Exchange x) {
            return x.main().remoteAddress;
        }

        @Override
        public void appendTo(Exchange x, Octets out) {
            out.put(x.main().remoteAddress);
        }
    }

    private static final class Scheme implements Variable {
        @Override
        public String get(Exchange x) {
            return x.client.scheme;
        }
    }

    private static final class ArgumentsVariable implements Variable {
        @Override
        public @Nullable String get(Exchange x) {
            return x.args.isEmpty() ? null : x.args;
        }

        @Override
        public void set(Exchange x, String value) {
            x.args = value;
            x.uriIsUnparsed = false;
        }

        @Override
        public boolean isChangeable() {
            return true;
        }
    }

    private static final class LimitRate implements Variable {
        @Override
        public String get(Exchange x) {
            return Long.toString(x.response.limitRate);
        }

        @Override
        public void set(Exchange x, String value) {
            long rate = io.gatehouse.config.syntax.Units.size(value);
            if (rate >= 0) {
                x.response.limitRate = rate;
                x.response.limitRateSet = true;
            }
        }

        @Override
        public boolean isChangeable() {
            return true;
        }
    }

    /** Sixteen random octets in hexadecimal, the same for the whole request. */
    private static final class RequestId implements Variable {
        @Override
        public String get(Exchange x) {
            Exchange main = x.main();
            String id = main.requestId;
            if (id == null) {
                ThreadLocalRandom random = ThreadLocalRandom.current();
                id = String.format("%016x%016x", random.nextLong(), random.nextLong());
                main.requestId = id;
            }
            return id;
        }
    }
}
