package io.gatehouse.tls.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an authority may be asked, whatever goes wrong here. */
class BudgetTest {
    @TempDir
    private Path folder;

    private final MovedClock clock = new MovedClock();
    private final List<String> damaged = new ArrayList<>();
    private CertificateWish wish;
    private Budget budget;

    @BeforeEach
    void begin() throws Exception {
        wish = wish("a.example.com");
        budget = anew();
    }

    private CertificateWish wish(String... names) throws InvalidIdentifier {
        return Engine.wish(new Engine.Issuer("https://127.0.0.1/dir", null, folder).build(), names);
    }

    /** As another process has it, or the next one. */
    private Budget anew() {
        return new Budget(new StateFolder(folder), clock, new Pause(), damaged::add);
    }

    private boolean mayOrder(CertificateWish what, boolean renewal) throws Exception {
        return mayOrder(what, renewal ? Duration.ofDays(90) : Duration.ZERO);
    }

    private boolean mayOrder(CertificateWish what, Duration life) throws Exception {
        return !anew().leave(CertificateFile.id(what), what, life)
                .from()
                .isAfter(Instant.ofEpochMilli(clock.wallMillis()));
    }

    private static String id(CertificateWish wish) {
        return CertificateFile.id(wish);
    }

    @Test
    void ordersThatEndInNothingAreFourAnHourForAName() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(mayOrder(wish, false)).isTrue();
            budget.ordering(id(wish), wish);
            clock.move(Duration.ofMinutes(1));
        }
        Budget.Leave leave = anew().leave(id(wish), wish, Duration.ZERO);
        assertThat(leave.because())
                .contains("4 failed attempts")
                .contains("in 1 h")
                .contains("a.example.com");
        assertThat(mayOrder(wish("a.example.com", "b.example.com"), false))
                .as("another certificate with it")
                .isFalse();
        assertThat(mayOrder(wish("b.example.com"), false)).isTrue();
        clock.move(Duration.ofMinutes(57));
        assertThat(mayOrder(wish, false)).as("an hour after the first").isTrue();
    }

    @Test
    void namesThatWereProvenDoNotCount() throws Exception {
        for (int i = 0; i < 10; i++) {
            budget.ordering(id(wish), wish);
            budget.spared(wish.identifiers());
        }
        assertThat(mayOrder(wish, false)).isTrue();
    }

    @Test
    void certificatesForTheSameNamesAreFourAWeek() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(mayOrder(wish, true)).isTrue();
            budget.issued(id(wish), wish, true);
        }
        assertThat(mayOrder(wish, true)).isFalse();
        clock.move(Duration.ofDays(7).plusSeconds(1));
        assertThat(mayOrder(wish, true)).isTrue();
    }

    @Test
    void certificatesThatLiveForADayAreRenewedTwiceADay() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(mayOrder(wish, Duration.ofDays(1))).as("renewal " + i).isTrue();
            budget.issued(id(wish), wish, true);
            clock.move(Duration.ofHours(12));
        }
        for (int i = 0; i < 4; i++) {
            budget.issued(id(wish), wish, true);
        }
        assertThat(mayOrder(wish, Duration.ofDays(1))).isFalse();
    }

    @Test
    void newNamesAreFortyAWeekForADomain() throws Exception {
        for (int i = 0; i < 40; i++) {
            CertificateWish one = wish("n" + i + ".example.co.uk");
            assertThat(mayOrder(one, false)).isTrue();
            budget.issued(id(one), one, false);
        }
        assertThat(mayOrder(wish("more.example.co.uk"), false)).isFalse();
        assertThat(mayOrder(wish("more.example.co.uk"), true)).as("a renewal").isTrue();
        assertThat(mayOrder(wish("other.co.uk"), false)).isTrue();
    }

    @Test
    void ordersAreTwoHundredInThreeHours() throws Exception {
        for (int i = 0; i < 200; i++) {
            CertificateWish one = wish("n" + i + ".d" + i + ".example");
            budget.ordering(id(one), one);
        }
        assertThat(mayOrder(wish, false)).isFalse();
        clock.move(Duration.ofHours(3).plusSeconds(1));
        assertThat(mayOrder(wish, false)).isTrue();
    }

    @Test
    void accountsAreFourInThreeHours() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(anew().leaveForAccount().because()).isEmpty();
            budget.registering();
        }
        assertThat(anew().leaveForAccount().from()).isAfter(Instant.ofEpochMilli(clock.wallMillis()));
    }

    @Test
    void whatAClockThatWasWrongHasLeftHoldsUpForAsLongAsEver() throws Exception {
        clock.move(Duration.ofDays(400));
        for (int i = 0; i < 4; i++) {
            budget.ordering(id(wish), wish);
        }
        budget.failed(id(wish), 1, Instant.ofEpochMilli(clock.wallMillis()).plusSeconds(120));
        budget.leaveAlone(null, Instant.ofEpochMilli(clock.wallMillis()).plusSeconds(60));
        clock.move(Duration.ofDays(-400));
        Instant now = Instant.ofEpochMilli(clock.wallMillis());
        assertThat(anew().standing(id(wish)).retryAt()).isBefore(now.plus(Duration.ofMinutes(3)));
        assertThat(mayOrder(wish, false)).as("it still counts").isFalse();
        assertThat(anew().leave(id(wish), wish, Duration.ZERO).from())
                .isBefore(now.plus(Times.LONGEST_LIMIT).plusSeconds(60));
        clock.move(Times.LONGEST_LIMIT.plusSeconds(60));
        assertThat(mayOrder(wish, false)).isTrue();
    }

    @Test
    void failuresInARowOutliveTheProcessAndEndWithACertificate() throws Exception {
        Instant next = Instant.ofEpochMilli(clock.wallMillis()).plusSeconds(600);
        budget.failed(id(wish), 3, next);
        assertThat(anew().standing(id(wish))).isEqualTo(new Budget.Standing(3, next));
        assertThat(anew().standing("other")).isEqualTo(new Budget.Standing(0, Instant.EPOCH));
        budget.issued(id(wish), wish, true);
        assertThat(anew().standing(id(wish)).failures()).isZero();
    }

    @Test
    void waitsLongerAndLongerAndNotLongerThanAShortLifeLetsIt() {
        java.util.random.RandomGenerator random = new java.util.SplittableRandom(1);
        Duration before = Duration.ZERO;
        for (int failures = 1; failures <= 8; failures++) {
            Duration wait = Times.afterFailures(failures, Duration.ZERO, random);
            assertThat(wait).isGreaterThan(before);
            before = wait;
        }
        assertThat(Times.afterFailures(50, Duration.ZERO, random)).isLessThan(Duration.ofHours(15));
        assertThat(Times.afterFailures(50, Duration.ofDays(6), random)).isLessThan(Duration.ofHours(9));
        assertThat(Times.afterFailures(50, Duration.ofHours(1), random)).isLessThan(Duration.ofMinutes(37));
        assertThat(Times.afterFailures(1, Duration.ofDays(90), random)).isLessThan(Duration.ofMinutes(3));
    }

    @Test
    void longLivedCertificatesAreRenewedAfterTwoThirdsAndShortLivedOnesAfterHalf() throws Exception {
        for (int days : new int[] {90, 6}) {
            Instant from = Instant.now();
            var certificate = new io.netty.pkitesting.CertificateBuilder()
                    .ecp256()
                    .subject("CN=x")
                    .setIsCertificateAuthority(true)
                    .notBefore(from)
                    .notAfter(from.plus(Duration.ofDays(days)))
                    .buildSelfSigned()
                    .getCertificate();
            Duration rule = days == 90 ? Duration.ofDays(60) : Duration.ofDays(3);
            assertThat(Times.byAge(certificate))
                    .isBetween(from.plus(rule).minus(Duration.ofDays(days).dividedBy(49)), from.plus(rule));
        }
    }
}
