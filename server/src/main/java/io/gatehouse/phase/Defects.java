package io.gatehouse.phase;

/** A defect of the program as one line for the error log: what, and the innermost place in Gatehouse. */
final class Defects {
    private Defects() {}

    static String describe(Throwable defect) {
        for (StackTraceElement at : defect.getStackTrace()) {
            if (at.getClassName().startsWith("io.gatehouse.")) {
                return defect + " at " + at;
            }
        }
        return defect.toString();
    }
}
