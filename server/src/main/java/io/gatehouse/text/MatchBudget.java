package io.gatehouse.text;

/** A subject that lets itself be read a limited number of times: what bounds the effort of a match. */
final class MatchBudget implements CharSequence {
    /** Thrown when the limit is reached; made once, because a hostile client decides how often it is needed. */
    static final class Spent extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("StaticAssignmentOfThrowable") // It has no trace that could mislead.
        static final Spent INSTANCE = new Spent();

        private Spent() {
            super("match limit", null, false, false);
        }
    }

    private String subject = "";
    private int left;

    void begin(String newSubject, int steps) {
        subject = newSubject;
        left = steps;
    }

    void end() {
        subject = "";
    }

    @Override
    public char charAt(int index) {
        if (--left < 0) {
            throw Spent.INSTANCE;
        }
        return subject.charAt(index);
    }

    @Override
    public int length() {
        return subject.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return subject.substring(start, end);
    }

    @Override
    public String toString() {
        return subject;
    }
}
