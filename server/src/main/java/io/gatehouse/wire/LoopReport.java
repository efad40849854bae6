package io.gatehouse.wire;

import java.io.IOException;

/** Where a loop tells what no wire can be told. Called on the loop; must not block it. */
public interface LoopReport {
    /** Tells through the platform's logger; for programs that have no log of their own. */
    LoopReport SYSTEM = new LoopReport() {
        @Override
        public void acceptFailed(ListenSocket socket, IOException cause) {
            logger().log(System.Logger.Level.ERROR, "accept4() failed ({0})", Errno.text(cause));
        }

        @Override
        public void failed(Throwable cause) {
            logger().log(System.Logger.Level.ERROR, "a task or sink of an event loop failed", cause);
        }

        private static System.Logger logger() {
            return System.getLogger("io.gatehouse.wire");
        }
    };

    /**
     * A connection could not be accepted, most likely for want of descriptors or memory ({@link Errno#EMFILE}, {@link
     * Errno#ENFILE}, ...). Accepting from the socket on this loop pauses for 500 ms.
     */
    void acceptFailed(ListenSocket socket, IOException cause);

    /** A task, a deadline or a sink threw: a fault of the program. The wire concerned was reset. */
    void failed(Throwable cause);
}
