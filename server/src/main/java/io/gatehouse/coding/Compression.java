package io.gatehouse.coding;

/** A content coding at the level that a place has chosen for it. Serves every exchange of the place. */
public interface Compression {
    /** Its name in Content-Encoding and Accept-Encoding (RFC 9110, 8.4.1). */
    String coding();

    /**
     * Begins a stream; on the loop.
     *
     * @param length bytes of the body, -1 if unknown
     */
    Coder open(long length);

    /** About how many bytes of memory {@link #open} takes for a body of that length, -1 if unknown. */
    long memory(long length);

    /** So many bytes of a body take a loop about a millisecond at most; what is longer goes to other threads. 0 for none. */
    int easyBytes();
}
