package io.gatehouse.module.rewrite;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.exchange.Variable;
import io.gatehouse.route.Captures;
import java.util.ArrayList;
import java.util.List;

/** What an {@code if} asks. */
@FunctionalInterface
interface Condition {
    /** What came out. */
    enum Answer {
        YES,
        NO,
        /** It asks for a file that {@code disable_symlinks} keeps back: the request is answered 403. */
        FORBIDDEN;

        static Answer of(boolean holds) {
            return holds ? YES : NO;
        }
    }

    Answer test(Exchange exchange);

    static Condition read(Use use) {
        List<Word> words = inner(use);
        Word first = words.get(0);
        String text = first.text();
        if (text.length() > 1 && text.startsWith("$")) {
            if (words.size() != 1 && words.size() != 3) {
                throw use.error(
                        "invalid condition \"" + text + "\"", first, "expected ($variable) or ($variable = text)");
            }
            Variable variable = use.variable(text.substring(1), first);
            return words.size() == 1 ? truth(variable) : comparison(use, variable, words.get(1), words.get(2));
        }
        if ((text.length() == 2 && text.startsWith("-")) || (text.length() == 3 && text.startsWith("!-"))) {
            if (words.size() != 2) {
                throw use.error("invalid condition \"" + text + "\"", first);
            }
            return file(use, first, use.template(words.get(1)));
        }
        throw use.error(
                "invalid condition \"" + text + "\"",
                first,
                "a condition begins with a $variable or one of -f -d -e -x");
    }

    /** The words between the parentheses, which may stand alone or at a word. */
    private static List<Word> inner(Use use) {
        List<Word> words = new ArrayList<>(use.arguments());
        Word first = words.get(0);
        if (!first.text().startsWith("(")) {
            throw use.error("invalid condition \"" + first.text() + "\"", first, "a condition stands in parentheses");
        }
        words.set(0, cut(first, 1, first.text().length()));
        Word last = words.get(words.size() - 1);
        if (!last.text().endsWith(")")) {
            throw use.error("invalid condition \"" + last.text() + "\"", last, "a condition stands in parentheses");
        }
        words.set(words.size() - 1, cut(last, 0, last.text().length() - 1));
        if (words.get(0).text().isEmpty()) {
            words.remove(0);
        }
        if (!words.isEmpty()
                && words.get(words.size() - 1).text().isEmpty()
                && !words.get(words.size() - 1).isQuoted()
                && last.text().length() == 1) {
            words.remove(words.size() - 1);
        }
        if (words.isEmpty()) {
            throw use.error("invalid condition \"" + first.text() + "\"", first);
        }
        return words;
    }

    private static Word cut(Word word, int from, int to) {
        return new Word(word.text().substring(from, to), word.at(), word.quote(), word.rawLength());
    }

    private static Condition truth(Variable variable) {
        return x -> {
            String value = variable.get(x);
            return Answer.of(value != null && !value.isEmpty() && !value.equals("0"));
        };
    }

    private static Condition comparison(Use use, Variable variable, Word operator, Word operand) {
        return switch (operator.text()) {
            case "=" -> equal(variable, use.template(operand), true);
            case "!=" -> equal(variable, use.template(operand), false);
            case "~" -> matches(variable, use.regex(operand, false), true);
            case "~*" -> matches(variable, use.regex(operand, true), true);
            case "!~" -> matches(variable, use.regex(operand, false), false);
            case "!~*" -> matches(variable, use.regex(operand, true), false);
            default ->
                throw use.error(
                        "unexpected \"" + operator.text() + "\" in condition",
                        operator,
                        "expected one of: = != ~ ~* !~ !~*");
        };
    }

    private static Condition equal(Variable variable, Template operand, boolean wanted) {
        return x -> {
            String value = variable.get(x);
            return Answer.of((value == null ? "" : value).equals(operand.eval(x)) == wanted);
        };
    }

    private static Condition matches(Variable variable, NamedRegex regex, boolean wanted) {
        return x -> {
            String value = variable.get(x);
            return Answer.of(Captures.matchAnew(regex, value == null ? "" : value, x) == wanted);
        };
    }

    private static Condition file(Use use, Word operator, Template path) {
        boolean wanted = !operator.text().startsWith("!");
        char kind = operator.text().charAt(operator.text().length() - 1);
        if ("fdex".indexOf(kind) < 0) {
            throw use.error("invalid condition \"" + operator.text() + "\"", operator, "expected one of: -f -d -e -x");
        }
        return new FileCondition(path, kind, wanted);
    }
}
