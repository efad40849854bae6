package io.gatehouse.text;

/** IP addresses as nginx writes them: four decimal numbers, or the form of RFC 5952. */
public final class InetText {
    private InetText() {}

    /** @param raw 4 or 16 octets */
    public static String of(byte[] raw) {
        StringBuilder out = new StringBuilder(39);
        if (raw.length == 4) {
            dotted(out, raw, 0);
        } else {
            groups(out, raw);
        }
        return out.toString();
    }

    private static void dotted(StringBuilder out, byte[] raw, int from) {
        out.append(raw[from] & 255)
                .append('.')
                .append(raw[from + 1] & 255)
                .append('.')
                .append(raw[from + 2] & 255)
                .append('.')
                .append(raw[from + 3] & 255);
    }

    private static void groups(StringBuilder out, byte[] raw) {
        int zeros = -1;
        int most = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && group(raw, i + run) == 0) {
                run++;
            }
            if (run > most) {
                zeros = i;
                most = run;
            }
            i += Math.max(run - 1, 0);
        }
        // nginx's idea of where an embedded IPv4 address is written as one.
        boolean embedded = zeros == 0
                && (most == 5 && group(raw, 5) == 0xffff || most == 6 || most == 7 && raw[14] != 0 && raw[15] != 1);
        if (zeros == 0) {
            out.append(':');
        }
        for (int i = 0; i < (embedded ? 6 : 8); i++) {
            if (i == zeros) {
                out.append(':');
                i += most - 1;
                continue;
            }
            out.append(Integer.toHexString(group(raw, i)));
            if (i < 7) {
                out.append(':');
            }
        }
        if (embedded) {
            dotted(out, raw, 12);
        }
    }

    private static int group(byte[] raw, int index) {
        return (raw[2 * index] & 255) << 8 | raw[2 * index + 1] & 255;
    }
}
