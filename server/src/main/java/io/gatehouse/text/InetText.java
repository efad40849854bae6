package io.gatehouse.text;

/** IP addresses as nginx writes them: four decimal numbers, or the form of RFC 5952. */
public final class InetText {
    private InetText() {}

    /** @param raw 4 or 16 octets */
    public static String of(byte[] raw) {
        return raw.length == 4
                ? (raw[0] & 255) + "." + (raw[1] & 255) + "." + (raw[2] & 255) + "." + (raw[3] & 255)
                : ipv6(raw);
    }

    private static String ipv6(byte[] raw) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (raw[2 * i] & 255) << 8 | raw[2 * i + 1] & 255;
        }
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
        }
        StringBuilder out = new StringBuilder(39);
        if (best == 0 && (bestLength == 6 || bestLength == 5 && groups[5] == 0xffff)) {
            // mapped and compatible addresses keep their dotted end
            out.append(bestLength == 5 ? "::ffff:" : "::");
            return out.append(raw[12] & 255)
                    .append('.')
                    .append(raw[13] & 255)
                    .append('.')
                    .append(raw[14] & 255)
                    .append('.')
                    .append(raw[15] & 255)
                    .toString();
        }
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                out.append("::");
                i += bestLength - 1;
                continue;
            }
            if (i > 0 && i != best + bestLength) {
                out.append(':');
            } else if (i > 0 && best < 0) {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]));
        }
        return out.toString();
    }
}
