package io.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/** The body of a request that has none and comes from no client. */
final class NoBody extends RequestBody {
    private @Nullable Exchange exchange;
    private boolean started;

    void of(Exchange owner) {
        exchange = owner;
    }

    @Override
    public long length() {
        return 0;
    }

    @Override
    public long received() {
        return 0;
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public void read(Receiver receiver) {
        started = true;
        Exchange x = exchange;
        if (x != null) {
            receiver.onBodyEnd(x);
        }
    }

    @Override
    public boolean isStarted() {
        return started;
    }

    @Override
    public void demand(boolean on) {}

    @Override
    public int discard() {
        started = true;
        return 0;
    }
}
