package io.gatehouse.observe.log;

/** An argument of a log directive that cannot be; the message is nginx's. */
public final class InvalidLogArgument extends Exception {
    private static final long serialVersionUID = 1L;

    private final int index;

    InvalidLogArgument(int index, String message) {
        super(message, null, false, false);
        this.index = index;
    }

    /** Which argument it is, the first after the directive's name being 0. */
    public int index() {
        return index;
    }
}
