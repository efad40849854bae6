package io.gatehouse.tls;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a configuration that are out of date. They stop a test of it, but neither a start nor a reload: those
 * serve everything else too (see docs/design/0016-expired-certificates.md).
 */
public final class CertificateDates {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final List<String> errors = new ArrayList<>();

    /** What is wrong with the dates of a certificate at a time, in milliseconds since 1970; null if nothing. */
    public static @Nullable String trouble(String name, X509CertificateHolder certificate, long wallMillis) {
        Date now = new Date(wallMillis);
        if (now.after(certificate.getNotAfter())) {
            return "certificate \"" + name + "\" has expired on "
                    + DATE.format(certificate.getNotAfter().toInstant());
        }
        if (now.before(certificate.getNotBefore())) {
            return "certificate \"" + name + "\" is not valid before "
                    + DATE.format(certificate.getNotBefore().toInstant());
        }
        return null;
    }

    /** @param error with its place */
    public void add(String error) {
        errors.add(error);
    }

    /** The first one, or null. */
    public @Nullable String first() {
        return errors.isEmpty() ? null : errors.get(0);
    }
}
