package io.gatehouse.config.build;

import io.gatehouse.listen.ListenSpec;
import io.gatehouse.listen.ListenSpec.Protocols;
import org.jspecify.annotations.Nullable;

/**
 * Watches what the servers of one address say of its protocols. An address speaks the same with everybody, so that to say
 * {@code ssl} once is enough; servers that contradict each other are warned about, by nginx's rules.
 */
final class ProtocolOptions {
    /** What a server has said that need not be the first one's. */
    private @Nullable Protocols said;

    private boolean changed;

    /**
     * Hears of one more server of the address. Returns whether it redefines what others have said.
     *
     * @param before what the others say together
     * @param optionsSet whether one of the others set options of the socket
     */
    boolean redefines(Protocols before, ListenSpec spec, boolean optionsSet) {
        Protocols now = spec.protocols();
        Protocols both = before.or(now);
        boolean added = !both.equals(before);
        boolean removed = !both.equals(now);
        boolean different = said != null && !now.equals(said);
        boolean redefined;
        if (added) {
            redefined = optionsSet && !spec.optionsSet() || changed || removed;
        } else if (removed) {
            redefined = spec.optionsSet() || different;
        } else {
            redefined = spec.optionsSet() && changed || different;
        }
        said = added ? before : now;
        changed |= added || removed;
        return redefined;
    }
}
