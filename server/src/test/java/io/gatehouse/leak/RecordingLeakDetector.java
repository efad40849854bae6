package io.gatehouse.leak;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Netty's leak detector, but it keeps what it finds for {@link LeaksFailTests} instead of logging it.
 *
 * <p>Netty makes one for each kind of resource (property {@code io.netty.customResourceLeakDetector}). Any thread.
 */
public final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {
    private static final List<RecordingLeakDetector<?>> DETECTORS = new CopyOnWriteArrayList<>();
    private static final ConcurrentLinkedQueue<String> LEAKS = new ConcurrentLinkedQueue<>();

    /** Called by Netty's factory, by reflection. */
    @SuppressWarnings("deprecation")
    public RecordingLeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
        DETECTORS.add(this);
    }

    /** The older of the two signatures that Netty's factory looks for. */
    @SuppressWarnings("deprecation")
    public RecordingLeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        super(resourceType, samplingInterval, maxActive);
        DETECTORS.add(this);
    }

    /** Collects garbage and returns what was leaked since the last call; cheap while nothing of Netty's was used. */
    static List<String> leaksSinceLastCall() throws InterruptedException {
        if (DETECTORS.isEmpty()) {
            return List.of();
        }
        collectGarbage();
        DETECTORS.forEach(RecordingLeakDetector::lookNow);
        List<String> leaks = new ArrayList<>();
        for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
            leaks.add(leak);
        }
        return leaks;
    }

    /** Returns once references that died before the call have been put into their queues. */
    private static void collectGarbage() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            ReferenceQueue<Object> queue = new ReferenceQueue<>();
            WeakReference<Object> dead = new WeakReference<>(new Object(), queue);
            System.gc();
            queue.remove(1_000);
            dead.clear();
        }
    }

    /** A detector looks for leaks whenever it begins to track something. */
    @SuppressWarnings("unchecked")
    private void lookNow() {
        T something = (T) new Object();
        ResourceLeakTracker<T> tracker = track(something);
        if (tracker != null) {
            tracker.close(something);
        }
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        LEAKS.add(resourceType + " was not released before it was garbage-collected." + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        LEAKS.add(resourceType + " was not released before it was garbage-collected.");
    }
}
