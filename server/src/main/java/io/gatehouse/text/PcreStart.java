package io.gatehouse.text;

/** Finds out, item by item, where the matches of a pattern can begin. */
final class PcreStart {
    /** Nothing has been written yet that could match: an anchor here holds for the whole branch. */
    private boolean leading = true;

    private boolean anchored = true;
    private boolean branchAnchored;
    private boolean leadingDot;
    private boolean dotStar;
    private boolean closedLeading;
    private boolean alternatives;
    private boolean references;
    private boolean startAnchor;

    /** A dot; {@code inLeadingGroups} if all open groups have begun where nothing could match yet. */
    void dot(boolean inLeadingGroups) {
        leadingDot = leading && inLeadingGroups;
    }

    /** What comes next is no dot. */
    void noDot() {
        leadingDot = false;
    }

    /** Something that matches no character. */
    void mark() {
        closedLeading = false;
        leadingDot = false;
    }

    /** Something that matches characters. */
    void atom() {
        leading = false;
        closedLeading = false;
    }

    /** The beginning of the subject; {@code outside} of all groups. */
    void anchor(boolean outside) {
        branchAnchored |= leading && outside;
    }

    /** {@code \G}. */
    void whereLastEnded() {
        startAnchor = true;
    }

    void reference() {
        references = true;
        leadingDot = false;
    }

    /** What is repeated may be a whole group. */
    void quantifier() {
        if (closedLeading) {
            dotStar = false;
        }
    }

    /** A quantifier has ended. */
    void quantified(boolean star) {
        if (leadingDot && star) {
            dotStar = true;
        }
        leadingDot = false;
        closedLeading = false;
    }

    /** A group begins; whether it does so where nothing could match yet. {@code once} if it is not tried in another way. */
    boolean opened(boolean once) {
        leadingDot = false;
        closedLeading = false;
        return leading && !once;
    }

    /** A parenthesis closes, of a group or of none. */
    void closes() {
        leadingDot = false;
    }

    /** A group has ended; what {@link #opened} said of it. */
    void closed(boolean groupLeading, boolean lookaround) {
        closedLeading = groupLeading;
        leading = leading && lookaround;
    }

    void alternative(boolean inLeadingGroups, boolean outside) {
        alternatives |= inLeadingGroups;
        leadingDot = false;
        if (outside) {
            anchored &= branchAnchored;
            branchAnchored = false;
            leading = true;
        } else {
            leading = false;
        }
    }

    /** Whether a match begins where the subject does. */
    boolean isAnchored() {
        return anchored && branchAnchored;
    }

    /** Whether the pattern begins with {@code .*}, so that a later beginning gives nothing new within a line. */
    boolean isDotStar() {
        return dotStar && !alternatives && !references;
    }

    /** Whether a match may be looked for anywhere, whatever came before. */
    boolean isFree() {
        return !startAnchor;
    }
}
