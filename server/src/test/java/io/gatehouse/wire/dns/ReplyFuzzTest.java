package io.gatehouse.wire.dns;

import static io.gatehouse.wire.dns.ReplyWriter.A;
import static io.gatehouse.wire.dns.ReplyWriter.CNAME;
import static io.gatehouse.wire.dns.ReplyWriter.SRV;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.handler.codec.dns.DnsRecordType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a name server sends is understood, or is a malformed reply. */
class ReplyFuzzTest {
    private static final List<byte[]> REPLIES = List.of(
            new ReplyWriter(7, "www.example.com", A)
                    .alias("host.example.net")
                    .address("192.0.2.1")
                    .address("192.0.2.2")
                    .octets(),
            new ReplyWriter(7, "_http._tcp.example.com", SRV)
                    .service(1, 2, 8080, "one.example.com")
                    .service(2, 1, 8081, "")
                    .octets(),
            new ReplyWriter(7, "example.com", A)
                    .record(ReplyWriter.ASKED, CNAME, 1, new byte[] {1, 'a', (byte) 0xc0, 12})
                    .record(new byte[] {(byte) 0xc0, 20}, 16, 1, new byte[9])
                    .octets());

    private static boolean isUnderstood(byte[] octets, boolean tcp) {
        List<String> told = new ArrayList<>();
        try {
            Reply reply = new Reply(octets, tcp);
            assertThat(reply.name.length()).isLessThanOrEqualTo(DnsNames.LONGEST);
            if (reply.isRefusal()) {
                return true;
            }
            Records records = new Records(reply, told::add);
            assertThat(records.seconds).isBetween(0L, (long) Integer.MAX_VALUE);
            for (Records.Service service : records.services) {
                assertThat(service.target().length()).isLessThanOrEqualTo(DnsNames.LONGEST);
            }
            if (records.alias != null) {
                assertThat(records.alias.length()).isLessThanOrEqualTo(DnsNames.LONGEST);
            }
            return true;
        } catch (MalformedReply e) {
            assertThat(e.message()).contains("DNS response");
            return false;
        }
    }

    @FuzzTest
    void anyOctetsAreUnderstoodOrRefused(byte[] octets) {
        boolean overTcp = isUnderstood(octets, true);
        boolean overUdp = isUnderstood(octets, false);
        assertThat(overUdp || !overTcp).as("over UDP, too").isTrue();
    }

    @Test
    void allOfThemAreUnderstoodWhenNothingIsChanged() {
        assertThat(REPLIES).allMatch(octets -> isUnderstood(octets, false));
    }

    @Test
    void noBeginningOfOneIsUnderstood() {
        for (byte[] octets : REPLIES) {
            for (int length = 0; length < octets.length; length++) {
                assertThat(isUnderstood(java.util.Arrays.copyOf(octets, length), true))
                        .as("%d octets", length)
                        .isFalse();
            }
        }
    }

    @Test
    void whatIsChangedByChanceIsUnderstoodOrRefused() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            byte[] octets = REPLIES.get(random.nextInt(REPLIES.size())).clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            anyOctetsAreUnderstoodOrRefused(octets);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x80})
    void labelsOfAReservedKindAreRefused(int kind) {
        byte[] alias = new byte[1 + kind + 1];
        alias[0] = (byte) kind;
        refused("invalid label type in DNS response", reply(ReplyWriter.ASKED, CNAME, alias));
    }

    @Test
    void aNameThatIsNotEndedIsRefused() {
        refused("name is out of DNS response", reply(ReplyWriter.ASKED, CNAME, new byte[] {1, 'a'}));
        refused("name is out of DNS response", reply(ReplyWriter.ASKED, CNAME, new byte[0]));
        refused("name is out of DNS response", reply(ReplyWriter.ASKED, CNAME, new byte[] {(byte) 0xc0}));
    }

    /** What stands there is not what was meant: who reads on has another idea of where the record ends. */
    @Test
    void aNameThatGoesOnBehindItsDataIsRefused() {
        refused(
                "name is out of DNS response",
                new ReplyWriter(7, "host", A)
                        .record(ReplyWriter.ASKED, CNAME, 1, new byte[] {3})
                        .address("1.1.1.1")
                        .octets());
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        String label = "a".repeat(63);
        String longest = String.join(".", label, label, label, label);
        assertThat(isUnderstood(reply(ReplyWriter.ASKED, CNAME, ReplyWriter.name(longest)), false))
                .isTrue();
        refused("invalid name in DNS response", reply(ReplyWriter.ASKED, CNAME, ReplyWriter.name(longest + ".b")));
    }

    @Test
    void noMorePointersAreFollowedThanTheLimit() {
        ByteArrayOutputStream pointers = new ByteArrayOutputStream();
        int data = 12 + 6 + 4 + 2 + 10;
        pointers.write(0);
        pointers.write(0);
        for (int i = 1; i <= ReplyReader.MOST_STEPS; i++) {
            int before = data + 2 * (i - 1);
            pointers.write(0xc0 | before >> 8);
            pointers.write(before);
        }
        // The alias is one pointer to the chain, and the root at its end is a step too.
        int most = ReplyReader.MOST_STEPS - 2;
        assertThat(isUnderstood(chain(pointers, data + 2 * most), false)).isTrue();
        refused("compression pointers loop in DNS response", chain(pointers, data + 2 * (most + 1)));
    }

    private static byte[] chain(ByteArrayOutputStream pointers, int to) {
        return new ReplyWriter(7, "host", A)
                .record(ReplyWriter.ASKED, 16, 1, pointers.toByteArray())
                .record(ReplyWriter.ASKED, CNAME, 1, new byte[] {(byte) (0xc0 | to >> 8), (byte) to})
                .octets();
    }

    @ParameterizedTest
    @ValueSource(strings = {"_http._tcp.a-b.example", "a", "gr\u00c3\u00bc\u00c3\u009fe.example"})
    void aQuestionIsWritten(String name) {
        assertThat(new Question(name, DnsRecordType.SRV).message(0x1234))
                .isEqualTo(new ReplyWriter(0x1234, name, SRV).flags(0x0100).octets());
    }

    private static byte[] reply(byte[] owner, int type, byte[] data) {
        return new ReplyWriter(7, "host", A).record(owner, type, 1, data).octets();
    }

    private static void refused(String message, byte[] octets) {
        assertThatThrownBy(() -> new Records(new Reply(octets, false), told -> {}))
                .isInstanceOf(MalformedReply.class)
                .hasMessage(message);
    }
}
