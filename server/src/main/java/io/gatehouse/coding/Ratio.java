package io.gatehouse.coding;

import io.gatehouse.exchange.AttachmentKey;
import io.gatehouse.exchange.Variable;

/** What a coding has made of a body: bytes that went in and came out. */
public record Ratio(long in, long out) {
    /** A variable with the ratio of the coding whose bodies are noted under that key: {@code $gzip_ratio}. */
    public static Variable variable(AttachmentKey<Ratio> key) {
        return x -> {
            Ratio ratio = x.attachments.get(key);
            return ratio == null || ratio.out == 0 ? null : ratio.text();
        };
    }

    /** With two digits behind the point, rounded: 2.125 is 2.13. */
    String text() {
        long hundredths = in * 100 / out;
        if (in * 1000 / out % 10 > 4) {
            hundredths++;
        }
        long fraction = hundredths % 100;
        return hundredths / 100 + (fraction < 10 ? ".0" : ".") + fraction;
    }
}
