package io.gatehouse.address;

import io.gatehouse.exchange.Headers;
import java.util.ArrayList;
import java.util.List;

/** Who is behind the proxies that are trusted, by a field that each of them has added to (X-Forwarded-For). */
public final class ForwardedFor {
    private ForwardedFor() {}

    /** The values of all fields of that name, as one list. */
    public static String list(Headers request, int field) {
        int at = request.find(field);
        if (at < 0) {
            return "";
        }
        String first = request.value(at);
        List<String> more = new ArrayList<>();
        for (at = request.find(field, at + 1); at >= 0; at = request.find(field, at + 1)) {
            more.add(request.value(at));
        }
        return more.isEmpty() ? first : first + ", " + String.join(", ", more);
    }

    /**
     * What {@link #find} found.
     *
     * @param address 4 or 16 octets; none for a unix socket
     * @param port 0 if none stands behind the address
     * @param changed whether it is another than the peer's
     */
    public record Found(byte[] address, int port, boolean changed) {}

    /**
     * Goes from the peer back through the list, as long as who is speaking is trusted.
     *
     * @param peer octets of the address that the connection comes from; none for a unix socket
     * @param list addresses with commas or spaces between, the last proxy's view at the end
     * @param recursive whether to go on from addresses of the list that are trusted too
     */
    public static Found find(byte[] peer, String list, List<Network> trusted, boolean recursive) {
        byte[] address = peer;
        boolean changed = false;
        int port = 0;
        int end = list.length();
        do {
            if (!isTrusted(address, trusted)) {
                break;
            }
            while (end > 0 && isBetween(list.charAt(end - 1))) {
                end--;
            }
            int start = end;
            while (start > 0 && !isBetween(list.charAt(start - 1))) {
                start--;
            }
            String text = list.substring(start, end);
            byte[] next = IpText.parseWithPort(text);
            if (next == null) {
                break;
            }
            address = next;
            port = IpText.port(text);
            changed = true;
            end = start;
        } while (recursive && end > 0);
        return new Found(address, port, changed);
    }

    private static boolean isBetween(char c) {
        return c == ' ' || c == ',';
    }

    private static boolean isTrusted(byte[] address, List<Network> trusted) {
        for (Network network : trusted) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
