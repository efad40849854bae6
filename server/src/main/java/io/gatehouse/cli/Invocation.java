package io.gatehouse.cli;

import org.jspecify.annotations.Nullable;

/**
 * nginx's own flags, read exactly as nginx reads them (several letters behind one dash, a value in the same word or the
 * next).
 */
final class Invocation {
    /** What is wrong with the command line, in nginx's words. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    @Nullable
    String prefix;

    @Nullable
    String conf;

    @Nullable
    String errorLog;

    @Nullable
    String globals;

    @Nullable
    String signal;

    boolean test;
    boolean dump;
    boolean quiet;
    boolean version;
    boolean build;
    boolean help;

    private final String[] words;
    private int next;

    private Invocation(String[] words) {
        this.words = words;
    }

    static Invocation of(String[] words) throws Refused {
        Invocation invocation = new Invocation(words);
        while (invocation.next < words.length) {
            invocation.word(words[invocation.next++]);
        }
        return invocation;
    }

    private void word(String word) throws Refused {
        if (!word.startsWith("-")) {
            throw new Refused("invalid option: \"" + word + "\"");
        }
        for (int i = 1; i < word.length(); i++) {
            char letter = word.charAt(i);
            String rest = word.substring(i + 1);
            switch (letter) {
                case '?', 'h' -> {
                    version = true;
                    help = true;
                }
                case 'v' -> version = true;
                case 'V' -> {
                    version = true;
                    build = true;
                }
                case 't' -> test = true;
                case 'T' -> {
                    test = true;
                    dump = true;
                }
                case 'q' -> quiet = true;
                case 'p' -> {
                    prefix = value(rest, "option \"-p\" requires directory name");
                    return;
                }
                case 'e' -> {
                    errorLog = value(rest, "option \"-e\" requires file name");
                    return;
                }
                case 'c' -> {
                    conf = value(rest, "option \"-c\" requires file name");
                    return;
                }
                case 'g' -> {
                    globals = value(rest, "option \"-g\" requires parameter");
                    return;
                }
                case 's' -> {
                    signal = value(rest, "option \"-s\" requires parameter");
                    switch (signal) {
                        case "stop", "quit", "reopen", "reload" -> {}
                        default -> throw new Refused("invalid option: \"-s " + signal + "\"");
                    }
                    return;
                }
                default -> throw new Refused("invalid option: \"" + letter + "\"");
            }
        }
    }

    private String value(String rest, String missing) throws Refused {
        if (!rest.isEmpty()) {
            return rest;
        }
        if (next >= words.length) {
            throw new Refused(missing);
        }
        return words[next++];
    }
}
