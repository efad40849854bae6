package io.gatehouse.wire.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Blocks of PEM (RFC 7468), written and read. */
public final class PemText {
    private static final byte[] LINE_END = {'\n'};

    /**
     * One block.
     *
     * @param label "CERTIFICATE", "X509 CRL" ...
     */
    public record Block(String label, byte[] der) {}

    private PemText() {}

    /**
     * The blocks of a text; what stands between them is left out.
     *
     * @throws IllegalArgumentException if a block has no end or is not base64
     */
    public static List<Block> read(byte[] text) {
        String all = new String(text, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        int at = 0;
        int begin;
        while ((begin = all.indexOf("-----BEGIN ", at)) >= 0) {
            int labelEnd = all.indexOf("-----", begin + 11);
            if (labelEnd < 0) {
                throw new IllegalArgumentException("bad end line");
            }
            String label = all.substring(begin + 11, labelEnd);
            String endLine = "-----END " + label + "-----";
            int end = all.indexOf(endLine, labelEnd);
            if (end < 0) {
                throw new IllegalArgumentException("bad end line");
            }
            at = end + endLine.length();
            String body = all.substring(labelEnd + 5, end);
            if (body.indexOf(':') >= 0) {
                continue; // An old encrypted key; nobody reads those from here.
            }
            blocks.add(new Block(label, Base64.getDecoder().decode(body.replaceAll("\\s", ""))));
        }
        return blocks;
    }

    /** A certificate as a text. */
    public static byte[] certificate(byte[] der) {
        return write("CERTIFICATE", List.of(der));
    }

    /** One block as a text. */
    public static byte[] write(String label, byte[] der) {
        return write(label, List.of(der));
    }

    /** A text of blocks with one label. */
    static byte[] write(String label, List<byte[]> ders) {
        StringBuilder text = new StringBuilder();
        Base64.Encoder base64 = Base64.getMimeEncoder(64, LINE_END);
        for (byte[] der : ders) {
            text.append("-----BEGIN ").append(label).append("-----\n");
            text.append(base64.encodeToString(der));
            text.append("\n-----END ").append(label).append("-----\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
