package io.gatehouse.upstream;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** {@code random}, and {@code random two [least_conn]}: the less busy of two drawn by weight. */
public final class RandomChoice extends Balancer {
    private final boolean two;
    private final IntSupplier draws;

    public RandomChoice(boolean two) {
        this(two, () -> ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
    }

    /** @param draws gives numbers from 0 up, like {@code random()} */
    public RandomChoice(boolean two, IntSupplier draws) {
        this.two = two;
        this.draws = draws;
    }

    @Override
    @Nullable
    Peer choose(Selection selection) {
        PeerList list = selection.list();
        if (selection.misses > MISSES || list.number() < 2 || selection.isStale()) {
            return RoundRobin.choosing(selection);
        }
        int first = -1;
        while (true) {
            int index = list.at(draws.getAsInt() % list.totalWeight);
            if (index != first && selection.canTry(index)) {
                if (!two) {
                    return selection.take(index);
                }
                if (first >= 0) {
                    boolean busier = LeastConn.compare(list.peers[index], list.peers[first]) > 0;
                    return selection.take(busier ? first : index);
                }
                first = index;
                continue;
            }
            if (++selection.misses > MISSES) {
                return RoundRobin.choosing(selection);
            }
        }
    }
}
