package io.gatehouse.config.build;

import io.gatehouse.config.syntax.Position;
import io.gatehouse.observe.log.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reading a configuration wants to say without failing. */
public final class Notices {
    /** One message in nginx's words, without level and place. */
    public record Notice(
            Level level, String message, @Nullable Position at) {
        /** As the log has it: with the place. */
        public String text() {
            return at == null ? message : message + at.suffix();
        }
    }

    private final List<Notice> all = new ArrayList<>();

    void add(Level level, String message, @Nullable Position at) {
        all.add(new Notice(level, message, at));
    }

    public List<Notice> all() {
        return List.copyOf(all);
    }
}
