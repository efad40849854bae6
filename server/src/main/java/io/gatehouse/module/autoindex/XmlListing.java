package io.gatehouse.module.autoindex;

import io.gatehouse.text.UriText;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The list as XML. */
record XmlListing() implements Listing {
    @Override
    public String write(List<Entry> entries) {
        StringBuilder out = new StringBuilder(64 + entries.size() * 96);
        out.append("<?xml version=\"1.0\"?>\r\n<list>\r\n");
        for (Entry entry : entries) {
            String type = entry.isFolder() ? "directory" : entry.isFile() ? "file" : "other";
            out.append('<').append(type).append(" mtime=\"");
            out.append(DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochSecond(entry.modified())));
            if (entry.isFile()) {
                out.append("\" size=\"").append(entry.size());
            }
            out.append("\">")
                    .append(UriText.escapeHtml(entry.name()))
                    .append("</")
                    .append(type)
                    .append(">\r\n");
        }
        return out.append("</list>\r\n").toString();
    }
}
