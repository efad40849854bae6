package io.gatehouse.wire.dns;

import io.gatehouse.wire.Loop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A question for a service: its SRV records, then the addresses of every target. */
final class ServiceLookup extends Waiter implements Lookup {
    final Home home;
    private final Loop loop;
    private final String host;
    private final String service;
    private final long timeoutMillis;
    private final ServiceAnswer answer;
    private final List<TargetLookup> targets = new ArrayList<>();
    private int missing;
    private long validUntil;
    /** Touched on the asker's loop only. */
    private boolean cancelled;

    ServiceLookup(Home home, Loop loop, String host, String service, long timeoutMillis, ServiceAnswer answer) {
        this.home = home;
        this.loop = loop;
        this.host = host;
        this.service = service;
        this.timeoutMillis = timeoutMillis;
        this.answer = answer;
    }

    void start() {
        home.services.ask(DnsNames.ofService(service, host), timeoutMillis, this);
    }

    @Override
    void found(Known known, boolean fresh) {
        validUntil = known.validUntil();
        for (Records.Service record : ((Known.Services) known).services()) {
            targets.add(new TargetLookup(record));
        }
        missing = targets.size();
        for (TargetLookup target : targets) {
            home.hosts.ask(DnsNames.normal(target.record.target()), timeoutMillis, target);
        }
    }

    @Override
    void failed(int code) {
        deliver(() -> answer.failed(code));
    }

    private void targetKnown() {
        if (--missing == 0) {
            finish();
        }
    }

    private void finish() {
        List<ServiceAnswer.Target> found = new ArrayList<>();
        int code = DnsCode.NO_ERROR;
        for (TargetLookup target : targets) {
            Records.Service record = target.record;
            for (InetAddress address : target.addresses) {
                found.add(new ServiceAnswer.Target(
                        new InetSocketAddress(address, record.port()),
                        record.target(),
                        record.priority(),
                        record.weight()));
            }
            if (target.code != DnsCode.NO_ERROR) {
                home.report.error(record.target() + " could not be resolved (" + DnsCode.text(target.code)
                        + ") while resolving service " + service + " of " + host);
                if (code == DnsCode.NO_ERROR || target.code == DnsCode.HOST_NOT_FOUND) {
                    code = target.code;
                }
            }
        }
        if (found.isEmpty()) {
            failed(code);
        } else {
            long wallMillis = home.wallMillis(validUntil);
            deliver(() -> answer.found(found, wallMillis));
        }
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
        home.run(() -> {
            home.services.cancel(this);
            targets.forEach(home.hosts::cancel);
        });
    }

    /** The addresses of one target. */
    private final class TargetLookup extends Waiter {
        final Records.Service record;
        List<InetAddress> addresses = List.of();
        int code;

        TargetLookup(Records.Service record) {
            this.record = record;
        }

        @Override
        void found(Known known, boolean fresh) {
            addresses = ((Known.Addresses) known).inOrder();
            if (known.validUntil() - validUntil < 0) {
                validUntil = known.validUntil();
            }
            targetKnown();
        }

        @Override
        void failed(int failure) {
            code = failure;
            targetKnown();
        }
    }
}
