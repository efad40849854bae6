package io.gatehouse.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However a message comes in pieces, it is read the same. */
@Timeout(120)
class SplitTest {
    private final Http1Reading atOnce = new Http1Reading(false);
    private final Http1Reading later = new Http1Reading(true);

    @Test
    void everyMessageAtEveryByte() {
        for (String message : Messages.ALL) {
            readsTheSame((message + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(ISO_8859_1));
        }
    }

    @Test
    void spoiledMessagesAtEveryByte() {
        SplittableRandom random = new SplittableRandom(20261124);
        for (int i = 0; i < 60; i++) {
            readsTheSame(Messages.next(random));
        }
    }

    @Test
    void spoiledMessagesInSomePieces() {
        SplittableRandom random = new SplittableRandom(20261125);
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = Messages.next(random);
            int[] ends = random.ints(4, 0, bytes.length).sorted().toArray();
            assertThat(later.of(bytes, ends)).as(new String(bytes, ISO_8859_1)).isEqualTo(atOnce.of(bytes));
        }
    }

    private void readsTheSame(byte[] bytes) {
        String whole = atOnce.of(bytes);
        String description = new String(bytes, ISO_8859_1);
        assertThat(later.of(bytes)).as(description).isEqualTo(whole);
        assertThat(atOnce.byteByByte(bytes)).as(description).isEqualTo(whole);
        assertThat(later.byteByByte(bytes)).as(description).isEqualTo(whole);
        for (int at = 1; at < bytes.length; at++) {
            String split = atOnce.of(bytes, at);
            if (!split.equals(whole)) {
                assertThat(split).as("at %s of %s", at, description).isEqualTo(whole);
            }
        }
    }
}
