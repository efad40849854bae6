package io.gatehouse;

/** Starts Gatehouse. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {}
}
