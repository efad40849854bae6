package io.gatehouse.protocol.http2;

/** The numbers of frames (RFC 9113, sections 4 and 6). */
final class Frame {
    /** Bytes of a frame's head. */
    static final int HEAD = 9;
    /** What a receiver takes unless it says otherwise. */
    static final int DEFAULT_SIZE = 1 << 14;

    static final int MAX_SIZE = (1 << 24) - 1;
    static final int MAX_WINDOW = Integer.MAX_VALUE;
    static final int DEFAULT_WINDOW = 65535;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITY_FLAG = 32;

    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    /** RFC 8441, section 3. */
    static final int ENABLE_CONNECT_PROTOCOL = 8;

    private Frame() {}
}
