package io.gatehouse.tls.localca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.tls.AutomaticCertificates.Answer;
import io.gatehouse.tls.LoadException;
import io.gatehouse.wire.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates in memory. */
class LocalAuthorityTest {
    @TempDir
    private Path state;

    private final MovedClock clock = new MovedClock();
    private LocalAuthority authority;
    private LocalCertificates server;

    @BeforeEach
    void open() throws LoadException {
        authority = new LocalAuthority(state, clock);
        assertThat(authority.open().made()).isTrue();
        server = new LocalCertificates(authority, List.of("app.localhost", "example.com", "*.app.test"));
    }

    private TlsIdentity obtained(String name) throws LoadException {
        assertThat(server.answer(name)).isEqualTo(new Answer.Obtainable());
        return server.obtain(name).getFirst();
    }

    private TlsIdentity kept(String name) {
        return ((Answer.AtHand) server.answer(name)).identities().getFirst();
    }

    @Test
    void aNameIsIssuedForOnceAndServedFromMemory() throws Exception {
        TlsIdentity made = obtained("paperclip.test");

        assertThat(kept("paperclip.test")).isSameAs(made);
        assertThat(server.obtain("paperclip.test")).containsExactly(made);
        assertThat(new LocalCertificates(authority, List.of()).answer("paperclip.test"))
                .isEqualTo(new Answer.AtHand(List.of(made)));
    }

    @Test
    void namesThatAreNotLocalAllGetTheServersOwn() throws Exception {
        TlsIdentity own = obtained("example.com");

        assertThat(kept("8.8.8.8")).isSameAs(own);
        assertThat(kept("")).isSameAs(own);
        assertThat(kept("xn--/.test")).isSameAs(own);
        assertThat(server.names()).containsExactly("app.localhost", "*.app.test");
    }

    @Test
    void aCertificateIsMadeAnewWhenTwoThirdsOfItsWeekAreOver() throws Exception {
        TlsIdentity first = obtained("localhost");
        clock.forward(Issuing.LIFE.multipliedBy(2).dividedBy(3));
        assertThat(kept("localhost")).isSameAs(first);

        clock.forward(Duration.ofMillis(1));

        assertThat(obtained("localhost")).isNotSameAs(first);
    }

    @Test
    void aThousandAreKeptAndTheLongestUnusedGoesFirst() throws Exception {
        for (int i = 0; i < LocalAuthority.MOST; i++) {
            server.obtain("n" + i + ".test");
        }
        kept("n0.test");

        server.obtain("one-more.test");

        assertThat(server.answer("n0.test")).isInstanceOf(Answer.AtHand.class);
        assertThat(server.answer("n1.test")).isEqualTo(new Answer.Obtainable());
        assertThat(server.answer("n2.test")).isInstanceOf(Answer.AtHand.class);
    }

    @Test
    void aSuccessorIssuesInTheLastWeekOfARoot() throws Exception {
        long end = authority.roots().getFirst().ends();
        clock.to(end - Issuing.LIFE.toMillis() - 1);
        assertThat(authority.open().made()).isTrue();
        TlsIdentity byTheOld = obtained("localhost");
        assertThat(kept("localhost")).isSameAs(byTheOld);

        clock.forward(Duration.ofMillis(1));

        assertThat(obtained("localhost")).isNotSameAs(byTheOld);
        assertThat(authority.roots()).hasSize(2);
    }

    @Test
    void whoIsNeverReloadedIssuesUntilTheEndAndThenTellsWhy() throws Exception {
        clock.to(authority.roots().getFirst().ends() - 1_000);
        obtained("localhost");

        clock.forward(Duration.ofSeconds(2));

        assertThat(server.answer("localhost")).isEqualTo(new Answer.Obtainable());
        assertThatThrownBy(() -> server.obtain("localhost"))
                .isInstanceOf(LoadException.class)
                .hasMessage("the root of the local authority has ended; a reload makes another");
        authority.open();
        obtained("localhost");
    }

    @Test
    void aRootThatSomebodyElseHasReplacedIsTakenWhenItIsOpenedAgain() throws Exception {
        TlsIdentity before = obtained("localhost");
        Files.delete(state.resolve("local-authority/authority.pem"));
        assertThat(new LocalAuthority(state, clock).open().made()).isTrue();
        assertThat(kept("localhost")).isSameAs(before);

        assertThat(authority.open().made()).isFalse();

        assertThat(obtained("localhost")).isNotSameAs(before);
    }

    @Test
    void whoHasNotOpenedItFindsItOpenedByTheFirstServer() throws Exception {
        LocalAuthority unopened = new LocalAuthority(state.resolve("other"), clock);
        LocalCertificates first = new LocalCertificates(unopened, List.of("localhost"));

        assertThat(unopened.file()).exists();
        assertThat(first.obtain("localhost")).hasSize(1);
    }

    @Test
    void whatCannotBeOpenedIsToldWhenACertificateIsWanted() throws Exception {
        Path file = Files.writeString(state.resolve("file"), "");
        LocalCertificates first = new LocalCertificates(new LocalAuthority(file, clock), List.of());

        assertThatThrownBy(() -> first.obtain("localhost"))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("cannot be used (20: Not a directory)");
    }

    @Test
    void whatCannotBeUsedIsTold() throws Exception {
        Path file = Files.writeString(state.resolve("file"), "");

        assertThatThrownBy(() -> new LocalAuthority(file, clock).open())
                .isInstanceOf(LoadException.class)
                .hasMessage(
                        "the local authority in \"" + file + "/local-authority\" cannot be used (20: Not a directory)");
    }
}
