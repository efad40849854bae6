package io.gatehouse.module.rewrite;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Context.SERVER_IF;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** nginx's rewrite module: its directives of one level run in the order of the file. */
public final class RewriteModule implements Module {
    /** What a level says, in order; an item is made into a {@link Step} when its place is built. */
    private static final Scope.ListKey<Item> PROGRAM = new Scope.ListKey<>();

    /** One directive as read. */
    private sealed interface Item {
        record Plain(Step step) implements Item {}

        record If(Condition condition, Scope scope) implements Item {}
    }

    private static final Directive<List<Boolean>> REWRITE = directive("rewrite")
            .in(SERVER, SERVER_IF, LOCATION, LOCATION_IF)
            .takesEach(new Arity(2, 3), use -> add(use, RewriteStep.read(use)))
            .inherits(Inheritance.NONE)
            .syntax("regex replacement [last | break | redirect | permanent]")
            .says("Changes the URI if a regular expression matches it: and goes on with the next directive, looks"
                    + " for the location anew (last), stays in this one (break), or redirects the client"
                    + " (redirect, permanent).")
            .example("rewrite ^/old/(.*)$ /new/$1 last;");

    private static final Directive<List<Boolean>> RETURN = directive("return")
            .in(SERVER, SERVER_IF, LOCATION, LOCATION_IF)
            .takesEach(new Arity(1, 2), use -> add(use, ReturnStep.read(use)))
            .inherits(Inheritance.NONE)
            .syntax("code [text] | code URL | URL")
            .says("Answers at once with a status, with a text or with a redirect; 444 closes the connection without"
                    + " an answer.")
            .example("return 301 https://$host$request_uri;");

    private static final Directive<List<Boolean>> BREAK = directive("break")
            .in(SERVER, SERVER_IF, LOCATION, LOCATION_IF)
            .takesEach(Arity.NONE, use -> add(use, Program::stop))
            .inherits(Inheritance.NONE)
            .says("Ends the rewrite directives of this level.")
            .example("break;");

    private static final Directive<List<Boolean>> SET = directive("set")
            .in(SERVER, SERVER_IF, LOCATION, LOCATION_IF)
            .takesEach(new Arity(2, 2), RewriteModule::set)
            .inherits(Inheritance.NONE)
            .syntax("$variable value")
            .says("Sets a variable to text with variables in it.")
            .example("set $backend http://127.0.0.1:3100;");

    private static final Directive<List<Boolean>> IF = directive("if")
            .in(SERVER, LOCATION)
            .takesEach(Arity.AT_LEAST_ONE, RewriteModule::readIf)
            .block()
            .inherits(Inheritance.NONE)
            .syntax("(condition)")
            .says("Does what its block says if the condition holds: a variable is neither empty nor 0, equals a text"
                    + " (= !=), matches a regular expression (~ ~* !~ !~*), or a file, folder, or either or an"
                    + " executable exists (-f -d -e -x and with !).")
            .example("if ($request_method = POST) {\n    return 405;\n}");

    private static final Directive<Boolean> REWRITE_LOG = directive("rewrite_log")
            .in(HTTP, SERVER, LOCATION, SERVER_IF, LOCATION_IF)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether what rewrite does is told in the error log at notice level.")
            .example("rewrite_log on;");

    private static final Directive<Boolean> UNINITIALIZED_VARIABLE_WARN = directive("uninitialized_variable_warn")
            .in(HTTP, SERVER, LOCATION, SERVER_IF, LOCATION_IF)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether the use of a variable that was not set is told in the error log.")
            .example("uninitialized_variable_warn off;");

    @Override
    public String name() {
        return "rewrite";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(REWRITE, RETURN, BREAK, SET, IF, REWRITE_LOG, UNINITIALIZED_VARIABLE_WARN);
    }

    @Override
    public void build(LocationBuild place) {
        if (!place.get(UNINITIALIZED_VARIABLE_WARN)) {
            place.settings(Uninitialized.QUIET, true);
        }
        if (place.kind() == Location.Kind.IF) {
            // its steps run within the program of the location around it
            return;
        }
        List<Item> items = place.scope().list(PROGRAM);
        if (items.isEmpty()) {
            return;
        }
        place.rewrite(new Program(compile(items, place), place.get(REWRITE_LOG)));
    }

    private static Step[] compile(List<Item> items, LocationBuild place) {
        List<Step> steps = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Item.If branch) {
                Step[] inner = compile(branch.scope().list(PROGRAM), place);
                Location location = branch.scope().context() == Context.LOCATION_IF
                        ? place.child(Location.Kind.IF, place.name(), branch.scope())
                        : null;
                steps.add(new IfStep(branch.condition(), location, inner));
            } else if (item instanceof Item.Plain plain) {
                steps.add(plain.step());
            }
        }
        return steps.toArray(new Step[0]);
    }

    private static Boolean add(Use use, Step step) {
        use.scope().list(PROGRAM).add(new Item.Plain(step));
        return true;
    }

    private static Boolean set(Use use) {
        Word target = use.arguments().get(0);
        if (!target.text().startsWith("$") || target.text().length() == 1) {
            throw use.error(
                    "invalid variable name \"" + target.text() + "\"", target, "the name of a variable begins with $");
        }
        String name = target.text().substring(1);
        var value = use.template(use.arguments().get(1));
        Variable changeable = use.changeable(name);
        if (changeable != null) {
            return add(use, new SetStep(changeable, value));
        }
        int slot = use.defineSlot(name, target, new Uninitialized(name.toLowerCase(Locale.ROOT)));
        return add(use, x -> {
            x.variables.value(slot, value.eval(x));
            return null;
        });
    }

    private static Boolean readIf(Use use) {
        Condition condition = Condition.read(use);
        boolean inServer = use.scope().context() == SERVER;
        Scope scope = use.readBlock(inServer ? SERVER_IF : LOCATION_IF);
        use.scope().list(PROGRAM).add(new Item.If(condition, scope));
        return true;
    }
}
