package io.gatehouse.module.autoindex;

import io.gatehouse.text.UriText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;

/**
 * The list as a page.
 *
 * @param uri of the folder
 * @param exactSizes whether sizes are in bytes rather than rounded to K, M and G
 * @param offset of the times that are shown
 * @param utf8 whether the page is sent as UTF-8, so that the width of a name is counted in characters
 */
record HtmlListing(String uri, boolean exactSizes, ZoneOffset offset, boolean utf8) implements Listing {
    private static final int WIDTH = 50;
    private static final int CUT_WIDTH = WIDTH - 3;
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;

    @Override
    public String write(List<Entry> entries) {
        String title = "Index of " + UriText.escapeHtml(uri);
        StringBuilder out = new StringBuilder(512 + entries.size() * 128);
        out.append("<html>\r\n<head><title>").append(title).append("</title></head>\r\n");
        out.append("<body>\r\n<h1>").append(title).append("</h1><hr><pre><a href=\"../\">../</a>\r\n");
        for (Entry entry : entries) {
            line(entry, out);
        }
        return out.append("</pre><hr></body>\r\n</html>\r\n").toString();
    }

    private void line(Entry entry, StringBuilder out) {
        String name = entry.name();
        out.append("<a href=\"").append(UriText.escape(name, UriText.Part.URI_COMPONENT));
        out.append(entry.isFolder() ? "/\">" : "\">");
        int width = utf8 ? characters(name) : name.length();
        boolean multibyte = width < name.length();
        if (width > WIDTH) {
            String cut = name.substring(0, multibyte ? offsetOf(name, CUT_WIDTH) : CUT_WIDTH);
            out.append(UriText.escapeHtml(cut)).append("..&gt;</a>");
        } else {
            out.append(UriText.escapeHtml(name));
            if (entry.isFolder() && width < WIDTH) {
                out.append('/');
                width++;
            }
            out.append("</a>").repeat(' ', WIDTH - width);
        }
        out.append(' ');
        time(entry.modified(), out);
        out.append(entry.isFolder() ? (exactSizes ? " ".repeat(18) : " ".repeat(6)) + "-" : size(entry.size()));
        out.append("\r\n");
    }

    private void time(long seconds, StringBuilder out) {
        ZonedDateTime time = Instant.ofEpochSecond(seconds).atZone(offset);
        two(time.getDayOfMonth(), out);
        out.append('-')
                .append(MONTHS[time.getMonthValue() - 1])
                .append('-')
                .append(time.getYear())
                .append(' ');
        two(time.getHour(), out);
        out.append(':');
        two(time.getMinute(), out);
        out.append(' ');
    }

    private static void two(int number, StringBuilder out) {
        if (number < 10) {
            out.append('0');
        }
        out.append(number);
    }

    private String size(long bytes) {
        if (exactSizes) {
            return String.format(Locale.ROOT, "%19d", bytes);
        }
        if (bytes >= GIB) {
            return String.format(Locale.ROOT, "%6dG", rounded(bytes, GIB));
        }
        if (bytes >= MIB) {
            return String.format(Locale.ROOT, "%6dM", rounded(bytes, MIB));
        }
        if (bytes > 9999) {
            return String.format(Locale.ROOT, "%6dK", rounded(bytes, KIB));
        }
        return String.format(Locale.ROOT, " %6d", bytes);
    }

    private static long rounded(long bytes, long unit) {
        return bytes / unit + (bytes % unit >= unit / 2 ? 1 : 0);
    }

    /** Characters of UTF-8; octets if it is none. */
    private static int characters(String octets) {
        int count = 0;
        int at = 0;
        while (at < octets.length()) {
            int length = characterLength(octets, at);
            if (length == 0) {
                return octets.length();
            }
            at += length;
            count++;
        }
        return count;
    }

    private static int offsetOf(String octets, int character) {
        int at = 0;
        for (int i = 0; i < character; i++) {
            at += characterLength(octets, at);
        }
        return at;
    }

    private static int characterLength(String octets, int at) {
        char first = octets.charAt(at);
        int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (at + length > octets.length()) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((octets.charAt(at + i) & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
