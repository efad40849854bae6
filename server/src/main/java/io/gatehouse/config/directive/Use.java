package io.gatehouse.config.directive;

import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.exchange.Variable;
import io.gatehouse.text.Regex;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One use of a directive in a file, as its reader sees it: the arguments, where they stand, and what the configuration
 * offers. Used by the one thread that builds.
 */
public interface Use {
    Node node();

    /** The level it stands on. */
    Scope scope();

    Directive<?> directive();

    /** The arguments; {@code arguments().get(0)} is the first behind the name. */
    List<Word> arguments();

    default int count() {
        return arguments().size();
    }

    /** The text of argument {@code index}, from 0. */
    default String text(int index) {
        return arguments().get(index).text();
    }

    /** An error of the whole use, in nginx's words, without the place. */
    ConfigException error(String message);

    /** An error of one argument: the caret stands under it. */
    ConfigException error(String message, Word at);

    /** As {@link #error(String, Word)}, with a sentence that says what to write instead. */
    ConfigException error(String message, Word at, String hint);

    /** An error that nginx finds when it has read the block: it names the line where that is closed. */
    ConfigException errorAtEnd(String message);

    /** A warning for the log of the start and of {@code -t}, in nginx's words, with this place. */
    void warn(String message);

    /** As {@link #warn(String)}, about a line of the block. */
    void warn(String message, Node line);

    /** As {@link #warn(String)}, at notice level. */
    void notice(String message);

    // --- what the configuration offers ---

    /** Compiles text with variables; unknown ones are reported when the whole file was read. */
    Template template(Word text);

    /** Whether the text names a variable or capture. */
    boolean hasVariables(String text);

    /** Compiles a regex; its named groups become variables. */
    NamedRegex regex(Word pattern, boolean caseless);

    /** A reference to a variable by its name without the dollar; resolved when the whole file was read. */
    Variable variable(String name, Word at);

    /**
     * Defines a variable that lives in a slot of the exchange ({@code set $name}, named groups): several definitions share
     * the slot. Returns the slot. Refused for the built-in ones that cannot be changed.
     */
    int defineSlot(String name, Word at);

    /** As {@link #defineSlot(String, Word)}; what it is before anybody has set it is asked of {@code unset}, if it is defined here. */
    int defineSlot(String name, Word at, Variable unset);

    /** A built-in variable that can be set ({@code set $args}), or null. */
    @Nullable
    Variable changeable(String name);

    /** Defines a variable by how it is got ({@code map}, {@code geo}). {@code duplicate} as in nginx: a later one replaces. */
    void define(String name, Variable variable, Word at);

    /** A slot of the exchange for a module's own use (to remember a value once computed). */
    int newSlot();

    /** A path relative to the prefix ({@code -p}). */
    Path prefixPath(String path);

    /** A path relative to the configuration file's folder. */
    Path confPath(String path);

    /** Reads the block of this directive as a level of its own, whose parent is the level this stands on. */
    Scope readBlock(Context context);

    /** The uses inside the block where it is no level but a table (map, geo, types): names and arguments as they stand. */
    List<Node> table();

    /** What belongs to the whole configuration: made once by the first who asks ({@code upstream} definitions, zones). */
    <T> T shared(Class<T> type, Supplier<T> make);

    /**
     * What outlives a configuration (zones, pools, open logs): the same object as in the configuration in force if that
     * has one under an equal key, else a new one.
     */
    <T> T carried(Object key, Supplier<T> make);

    /** A service of the process (its log files), by its type. */
    <T> T service(Class<T> type);

    /** Runs when the configuration is not in force any more, or did not come into force: give back what was taken. */
    void whenOver(Runnable release);

    /** Runs when the whole file was read, before anything is built: checks that need to know all of it. */
    void later(Runnable check);

    /** A compiled regex with the slots of its named groups. */
    record NamedRegex(Regex regex, String source, int[] groups, int[] slots) {}
}
