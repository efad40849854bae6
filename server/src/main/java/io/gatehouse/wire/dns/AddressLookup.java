package io.gatehouse.wire.dns;

import io.gatehouse.wire.Loop;

/** A question for addresses, between the loop that asks and the resolver's. */
final class AddressLookup extends Waiter implements Lookup {
    final Home home;
    private final Loop loop;
    private final AddressAnswer answer;
    /** Touched on the asker's loop only. */
    private boolean cancelled;

    AddressLookup(Home home, Loop loop, AddressAnswer answer) {
        this.home = home;
        this.loop = loop;
        this.answer = answer;
    }

    void start(String name, long timeoutMillis) {
        home.hosts.ask(name, timeoutMillis, this);
    }

    @Override
    void found(Known known, boolean fresh) {
        Known.Addresses addresses = (Known.Addresses) known;
        long validUntil = home.wallMillis(known.validUntil());
        deliver(() -> answer.found(fresh ? addresses.inOrder() : addresses.rotated(), validUntil));
    }

    @Override
    void failed(int code) {
        deliver(() -> answer.failed(code));
    }

    private void deliver(Runnable said) {
        Home.runOn(loop, () -> {
            if (!cancelled) {
                said.run();
            }
        });
    }

    @Override
    public void cancel() {
        cancelled = true;
        home.run(() -> home.hosts.cancel(this));
    }
}
