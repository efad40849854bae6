package io.gatehouse.protocol.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever bytes a client sends: nothing breaks, and every way of cutting them is read the same. */
class Http2FuzzTest {
    /** Frames as they are, behind a preface. */
    @FuzzTest
    void framesAreReadInOneWay(byte[] bytes) {
        FrameLog whole = new FrameLog();
        String read = whole.read(bytes, bytes.length);
        for (int step : new int[] {1, 2, 7, 64}) {
            assertThat(new FrameLog().read(bytes, step)).isEqualTo(read);
        }
    }

    /** A header block, as one HEADERS frame of a request: what becomes of it has no byte that could end a line. */
    @FuzzTest
    void blocksBecomeRequestsInOneWay(byte[] block) {
        Http2Reading reading = new Http2Reading();
        byte[] frame = Http2Reading.headers(block);
        String read = reading.of(frame, Integer.MAX_VALUE);
        assertThat(reading.of(frame, 1)).isEqualTo(read);
        assertThat(reading.of(frame, 13)).isEqualTo(read);
        assertThat(read).doesNotContain("\r", "\0");
    }

    /** A whole connection behind the preface. */
    @FuzzTest
    void connectionsReadBytesInOneWay(byte[] bytes) {
        Http2Reading reading = new Http2Reading();
        String whole = reading.of(bytes, Integer.MAX_VALUE);
        assertThat(reading.of(bytes, 1)).isEqualTo(whole);
        assertThat(reading.of(bytes, 11)).isEqualTo(whole);
    }
}
