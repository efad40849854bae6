package io.gatehouse.module.acme;

import io.gatehouse.observe.log.Clock;
import io.gatehouse.tls.AutomaticCertificates;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.acme.CertificateStatus;
import io.gatehouse.tls.acme.Failure;
import io.gatehouse.tls.acme.IssuedCertificate;
import io.gatehouse.tls.acme.ManagedCertificate;
import io.gatehouse.tls.localca.LocalNames;
import io.gatehouse.wire.tls.TlsIdentity;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server shows of certificates that come by themselves: to who asks for one of its names that name's, to others
 * whatever is there. Immutable.
 */
final class ServerCertificates implements AutomaticCertificates {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Answer UNTOLD = new Answer.Awaited(null);

    private final Map<String, ManagedCertificate> byName;
    /** Each once. */
    private final List<ManagedCertificate> all;

    private final @Nullable AutomaticCertificates local;
    private final Clock clock;

    /**
     * @param byName names and addresses as clients ask for them
     * @param local what the local authority has for the server, or null
     */
    ServerCertificates(Map<String, ManagedCertificate> byName, @Nullable AutomaticCertificates local, Clock clock) {
        this.byName = Map.copyOf(byName);
        this.all = byName.values().stream().distinct().toList();
        this.local = local;
        this.clock = clock;
    }

    @Override
    public Answer answer(String name) {
        ManagedCertificate asked = byName.get(name);
        if (asked != null) {
            IssuedCertificate there = asked.current();
            return there == null ? awaited(asked) : atHand(there);
        }
        if (local != null && (all.isEmpty() || LocalNames.isLocal(name))) {
            return local.answer(name);
        }
        for (ManagedCertificate one : all) {
            IssuedCertificate there = one.current();
            if (there != null) {
                return atHand(there);
            }
        }
        return awaited(all.get(0));
    }

    private static Answer atHand(IssuedCertificate certificate) {
        return new Answer.AtHand(List.of(certificate.identity()));
    }

    private Answer awaited(ManagedCertificate certificate) {
        long before = certificate.refused(clock.nanos());
        if (before < 0) {
            return UNTOLD;
        }
        CertificateStatus status = certificate.status();
        StringBuilder what = new StringBuilder("no certificate for ")
                .append(quoted(certificate))
                .append(" yet, awaited from \"")
                .append(status.issuer())
                .append('"');
        Instant since = status.awaitedSince();
        if (since != null) {
            what.append(" since ").append(TIME.format(since));
        }
        Failure failure = status.lastFailure();
        if (failure != null) {
            what.append(", the last attempt failed: ").append(failure.words());
        }
        if (before > 0) {
            what.append("; ").append(before).append(" more handshakes were refused since this was last told");
        }
        return new Answer.Awaited(what.toString());
    }

    private static String quoted(ManagedCertificate certificate) {
        List<String> names = new ArrayList<>();
        certificate.wish().identifiers().forEach(one -> names.add('"' + one.text() + '"'));
        return String.join(", ", names);
    }

    @Override
    public List<TlsIdentity> obtain(String name) throws LoadException {
        if (local == null) {
            throw new LoadException("nothing to obtain for \"" + name + "\"");
        }
        return local.obtain(name);
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(byName.keySet());
        if (local != null) {
            names.addAll(local.names());
        }
        names.sort(null);
        return names;
    }
}
