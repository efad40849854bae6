/**
 * Logs: files, standard error, syslog and memory, written without making an event loop wait.
 *
 * <p><b>How a line gets to the disk.</b> Whoever logs copies the line into a byte chunk of the target
 * ({@link io.gatehouse.observe.log.ByteQueue}): one compare-and-set to reserve the room, a copy, one add to commit. No
 * lock is taken, so nobody waits for a thread that the system has put aside while it held one; and as there is one
 * queue a target and not one a thread, the order of lines in the file is the order in which they were logged. Then an event
 * loop writes what is in the queue itself, if the file is on a disk of this machine and nobody is at it: whoever has the end
 * of an answer finds its line ({@link io.gatehouse.observe.log.LogWriter#writeNow}). Everything else is written by one
 * thread a target ({@link io.gatehouse.observe.log.Courier}) with few system calls. A thread a target, because a disk, a
 * FIFO or a terminal that stalls must hold up its own lines only, and the JDK has no other way to write to them than one
 * that blocks; it ends when it has had nothing to do for a while. It is woken at most once a batch: under load it rests some
 * milliseconds after writing, in which lines gather and nobody needs to call it. The queue is bounded; what does not fit is
 * counted and told.
 */
@NullMarked
package io.gatehouse.observe.log;

import org.jspecify.annotations.NullMarked;
