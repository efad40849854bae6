package io.gatehouse.text;

/**
 * A pattern that cannot be compiled: wrong in PCRE's eyes, or right and beyond what can be done here. The message is the
 * one nginx prints: {@code pcre2_compile() failed: WHAT in "PATTERN" at "REST"}.
 */
public final class RegexException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final int offset;
    private final boolean unsupported;

    private RegexException(String reason, String pattern, int offset, boolean unsupported) {
        super(message(reason, pattern, offset), null, false, true);
        this.reason = reason;
        this.offset = offset;
        this.unsupported = unsupported;
    }

    static RegexException wrong(String reason, String pattern, int offset) {
        return new RegexException(reason, pattern, Math.min(offset, pattern.length()), false);
    }

    /** PCRE would take it; {@code construct} names what it is. */
    static RegexException unsupported(String construct, String pattern, int offset) {
        return new RegexException(construct + " is not supported", pattern, Math.min(offset, pattern.length()), true);
    }

    private static String message(String reason, String pattern, int offset) {
        String whole = "pcre2_compile() failed: " + reason + " in \"" + pattern + "\"";
        return offset >= pattern.length() ? whole : whole + " at \"" + pattern.substring(offset) + "\"";
    }

    /** PCRE's sentence, or ours for what is not supported. */
    public String reason() {
        return reason;
    }

    /** Where in the pattern, in bytes from 0. */
    public int offset() {
        return offset;
    }

    /** True for a pattern that PCRE takes and Gatehouse does not. */
    public boolean isUnsupported() {
        return unsupported;
    }
}
