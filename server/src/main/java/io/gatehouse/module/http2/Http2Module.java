package io.gatehouse.module.http2;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.protocol.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;

/** {@code http2} and what goes with it. */
public final class Http2Module implements Module {
    private static final int MAX_FRAME = (1 << 24) - 1;

    private static final Directive<Boolean> HTTP2 = directive("http2")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether HTTP/2 is spoken: over TLS with clients that ask for it, in clear with those that begin"
                    + " with its preface; HTTP/1.1 with the others. Which protocol a connection may speak is up to the"
                    + " default server of its address, or over TLS to the server that the client named.")
            .example("http2 on;");

    private static final Directive<Integer> MAX_CONCURRENT_STREAMS = directive("http2_max_concurrent_streams")
            .in(HTTP, SERVER)
            .takes(Arguments.NUMBER)
            .byDefault(Http2Settings.DEFAULT.concurrentStreams(), "128")
            .syntax("number")
            .says("Sets how many requests one connection may have under way; further ones are refused for the client to"
                    + " send again.")
            .example("http2_max_concurrent_streams 256;");

    private static final Directive<Integer> BODY_PREREAD_SIZE = directive("http2_body_preread_size")
            .in(HTTP, SERVER)
            .takes(Http2Module::preread)
            .byDefault(Http2Settings.DEFAULT.bodyPreread(), "64k")
            .syntax("size")
            .says("Sets how much of a request's body a client may send before somebody reads it.")
            .example("http2_body_preread_size 128k;");

    private static final Directive<Integer> CHUNK_SIZE = directive("http2_chunk_size")
            .in(HTTP, SERVER, LOCATION)
            .takes(Http2Module::chunk)
            .byDefault(Http2Settings.DEFAULT.chunkSize(), "8k")
            .syntax("size")
            .says("Sets how much of a body one frame carries at most: less lets streams take turns more often, more"
                    + " costs less.")
            .example("http2_chunk_size 16k;");

    private static final Directive<Integer> RECV_BUFFER_SIZE = directive("http2_recv_buffer_size")
            .in(HTTP)
            .takes(Http2Module::receiveBuffer)
            .syntax("size")
            .standing(Standing.WITHOUT_EFFECT, "a loop reads all its connections into one buffer")
            .says("Accepted so that files which have it work.")
            .example("http2_recv_buffer_size 256k;");

    private static final Directive<Integer> POOL_SIZE = directive("http2_pool_size")
            .in(HTTP, SERVER)
            .takes(Http2Module::poolSize)
            .syntax("size")
            .standing(Standing.WITHOUT_EFFECT, "memory is not taken from pools of a fixed size")
            .says("Accepted so that files which have it work.")
            .example("http2_pool_size 4k;");

    private static final Directive<Integer> STREAMS_INDEX_SIZE = directive("http2_streams_index_size")
            .in(HTTP, SERVER)
            .takes(Http2Module::indexSize)
            .syntax("number")
            .standing(Standing.WITHOUT_EFFECT, "tables are sized by themselves")
            .says("Accepted so that files which have it work.")
            .example("http2_streams_index_size 32;");

    @Override
    public String name() {
        return "http2";
    }

    @Override
    public List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>(List.of(
                HTTP2,
                MAX_CONCURRENT_STREAMS,
                BODY_PREREAD_SIZE,
                CHUNK_SIZE,
                RECV_BUFFER_SIZE,
                POOL_SIZE,
                STREAMS_INDEX_SIZE));
        all.addAll(ObsoleteDirectives.ALL);
        return all;
    }

    @Override
    public void variables(VariableRegistry registry) {
        registry.add("http2", Http2Module::http2);
    }

    private static String http2(Exchange x) {
        if (x.main().version != Exchange.HTTP_20) {
            return "";
        }
        return x.client.scheme.equals("https") ? "h2" : "h2c";
    }

    @Override
    public void build(LocationBuild place) {
        place.settings(
                Http2Settings.KEY,
                new Http2Settings(
                        place.get(HTTP2),
                        place.get(MAX_CONCURRENT_STREAMS),
                        place.get(BODY_PREREAD_SIZE),
                        place.get(CHUNK_SIZE)));
    }

    private static int preread(Use use) {
        return Arguments.size(use, use.arguments().get(0));
    }

    private static int chunk(Use use) {
        int size = Arguments.size(use, use.arguments().get(0));
        if (size == 0) {
            throw use.error(
                    "the http2 chunk size cannot be zero", use.arguments().get(0));
        }
        return Math.min(size, MAX_FRAME);
    }

    private static int receiveBuffer(Use use) {
        int size = Arguments.size(use, use.arguments().get(0));
        if (size <= 16) {
            throw Arguments.invalid(use, "value is too small", use.arguments().get(0), "expected more than 16 bytes");
        }
        return size;
    }

    private static int poolSize(Use use) {
        int size = Arguments.size(use, use.arguments().get(0));
        if (size < 112) {
            throw use.error(
                    "the pool size must be no less than 112", use.arguments().get(0));
        }
        if (size % 16 != 0) {
            throw use.error(
                    "the pool size must be a multiple of 16", use.arguments().get(0));
        }
        return size;
    }

    private static int indexSize(Use use) {
        int number = Arguments.number(use, use.arguments().get(0));
        if (Integer.bitCount(number) != 1) {
            throw Arguments.invalid(
                    use, "must be a power of two", use.arguments().get(0), "for example 32");
        }
        return number;
    }
}
