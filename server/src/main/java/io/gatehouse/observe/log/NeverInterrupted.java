package io.gatehouse.observe.log;

/**
 * A thread that nobody interrupts. It may write to a log's file itself: an interruption would close the file for all.
 */
public interface NeverInterrupted {}
