package io.gatehouse.config.build;

import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import java.util.ArrayList;
import java.util.List;

/** Compiles text with {@code $name}, <code>${name}</code> and {@code $1} in it. */
final class TemplateCompiler {
    private final String text;
    private final Word word;
    private final VariableRegistry variables;
    private final List<Template.Part> parts = new ArrayList<>(4);
    private final StringBuilder literal = new StringBuilder();
    private int at;

    private TemplateCompiler(Word word, VariableRegistry variables) {
        this.word = word;
        this.text = word.text();
        this.variables = variables;
    }

    static Template compile(Word word, VariableRegistry variables) {
        if (word.text().indexOf('$') < 0) {
            return Template.constant(word.text());
        }
        return new TemplateCompiler(word, variables).run();
    }

    private Template run() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$') {
                literal.append(c);
                at++;
                continue;
            }
            at++;
            reference();
        }
        endLiteral();
        return Template.of(text, parts);
    }

    private void reference() {
        if (at == text.length()) {
            throw invalidName();
        }
        char c = text.charAt(at);
        if (c >= '1' && c <= '9') {
            endLiteral();
            parts.add(new Template.Capture(c - '0'));
            at++;
            return;
        }
        String name = c == '{' ? braced() : bare();
        if (name.isEmpty()) {
            throw invalidName();
        }
        endLiteral();
        if (name.length() == 1 && name.charAt(0) >= '1' && name.charAt(0) <= '9') {
            parts.add(new Template.Capture(name.charAt(0) - '0'));
        } else {
            parts.add(new Template.Value(variables.reference(name, word)));
        }
    }

    private ConfigException invalidName() {
        return ConfigException.at(word.at(), word, "invalid variable name")
                .withHint("a \"$\" begins the name of a variable here");
    }

    private String braced() {
        int start = ++at;
        while (at < text.length() && isNameChar(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at);
        if (at == text.length() || text.charAt(at) != '}') {
            throw ConfigException.at(word.at(), word, "the closing bracket in \"" + name + "\" variable is missing");
        }
        at++;
        return name;
    }

    private String bare() {
        int start = at;
        while (at < text.length() && isNameChar(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isNameChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            parts.add(new Template.Text(literal.toString()));
            literal.setLength(0);
        }
    }
}
