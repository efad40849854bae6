package io.gatehouse.module.process;

import org.jspecify.annotations.Nullable;

/** The users and groups that the system knows; a service of the process. From any thread. */
public interface Accounts {
    /** Whether this process was started by the superuser, who alone may serve as somebody else. */
    boolean startedByRoot();

    /** The user's id and the id of the group that the user has by default, or null if there is no such user. */
    @Nullable
    Account user(String name);

    /** The group's id; -1 if there is no such group. */
    int group(String name);
}
