package io.gatehouse.protocol.http1;

import io.gatehouse.conformance.Place;
import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.protocol.ServedConnections;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Sink;

/** Puts bytes through a whole connection in memory and tells how they were read: what every request was, what was answered. */
final class Http1Reading extends WholeConnection {
    /** @param later whether answers are given in a later turn of the loop, not at once */
    Http1Reading(boolean later) {
        super(place(), later, null);
    }

    private static Place place() {
        Place place = new Place();
        place.clientHeaderBufferSize = 64;
        place.largeClientHeaderBuffers = 2;
        place.largeClientHeaderBufferSize = 128;
        place.maxHeaders = 8;
        place.clientMaxBodySize = 1000;
        return place;
    }

    @Override
    protected Sink open(ServedConnections connections, ClientConnection client, ListenPoint at) {
        return new Http1Connections(connections).open(client, at);
    }

    /** How the bytes are read in pieces that end at these places. */
    String of(byte[] bytes, int... ends) {
        return of(
                wire -> {
                    int from = 0;
                    for (int end : ends) {
                        wire.give(bytes, from, end);
                        from = end;
                    }
                    wire.give(bytes, from, bytes.length);
                },
                wire -> "\n" + wire.sent());
    }

    /** As {@link #of}, byte by byte. */
    String byteByByte(byte[] bytes) {
        int[] ends = new int[bytes.length];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = i;
        }
        return of(bytes, ends);
    }

    @Override
    protected void tell(Exchange x, CharSequence body) {
        requests.append(x.method)
                .append(' ')
                .append(x.unparsedUri)
                .append(' ')
                .append(x.uri)
                .append('?');
        requests.append(x.args)
                .append(' ')
                .append(x.version)
                .append(' ')
                .append(x.host)
                .append(':')
                .append(x.hostPort);
        requests.append(' ').append(x.headLength).append(' ').append(x.requestLine);
        fields(x.request);
        requests.append(" body ").append(body);
    }
}
