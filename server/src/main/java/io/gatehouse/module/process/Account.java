package io.gatehouse.module.process;

/**
 * A user of the system and the group that goes with it.
 *
 * @param name an octet string, by which the system knows the other groups of the user
 */
public record Account(String name, int uid, int gid) {
    /** Whether this is the superuser, under whatever name. */
    public boolean isRoot() {
        return uid == 0;
    }
}
