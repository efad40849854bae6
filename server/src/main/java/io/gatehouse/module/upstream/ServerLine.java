package io.gatehouse.module.upstream;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.upstream.Admission;
import io.gatehouse.upstream.Balancer;
import io.gatehouse.upstream.HostUrl;
import io.gatehouse.upstream.RoundRobin;
import io.gatehouse.upstream.Server;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One {@code server} line of a block as it is read. */
record ServerLine(Server server) {
    private static final int USUAL_PORT = 80;

    /** Reads the parameters; what an earlier balancing directive cannot do is refused. */
    static ServerLine read(Use use) {
        return new Reader(use).read();
    }

    private static final class Reader {
        private final Use use;
        private int weight = 1;
        private int maxConns;
        private int maxFails = 1;
        private long failTimeout = 10;
        private boolean backup;
        private Admission admission = Admission.OPEN;
        private boolean resolve;
        private String service = "";

        Reader(Use use) {
            this.use = use;
        }

        ServerLine read() {
            for (Word word : use.arguments().subList(1, use.count())) {
                parameter(word);
            }
            Word address = use.arguments().get(0);
            HostUrl url = url(address);
            check(url, address);
            if (resolve && url.literal() == null) {
                Server.Name name = new Server.Name(url.host(), url.port(), service);
                return new ServerLine(server(url, List.of(), name));
            }
            try {
                return new ServerLine(server(url, url.resolve(), null));
            } catch (HostUrl.Malformed e) {
                throw use.error(e.getMessage() + " in upstream \"" + url.text() + "\"", address);
            }
        }

        private HostUrl url(Word address) {
            try {
                return HostUrl.parse(address.text(), USUAL_PORT, false);
            } catch (HostUrl.Malformed e) {
                throw use.error(e.getMessage() + " in upstream \"" + address.text() + "\"", address);
            }
        }

        private void check(HostUrl url, Word address) {
            if (service.isEmpty()) {
                return;
            }
            String upstream = "service upstream \"" + url.text() + "\" ";
            if (!resolve) {
                throw use.error(upstream + "requires \"resolve\" parameter", address);
            }
            if (url.hasPort()) {
                throw use.error(upstream + "may not have port", address);
            }
            if (url.literal() != null) {
                throw use.error(upstream + "requires domain name", address);
            }
        }

        private Server server(HostUrl url, List<SocketAddress> addresses, Server.@Nullable Name name) {
            return new Server(url.text(), addresses, weight, maxConns, maxFails, failTimeout, backup, admission, name);
        }

        private void parameter(Word word) {
            String text = word.text();
            int equals = text.indexOf('=');
            String value = text.substring(equals + 1);
            switch (equals < 0 ? text : text.substring(0, equals + 1)) {
                case "weight=" -> {
                    weight = number(value, word);
                    if (weight == 0) {
                        throw invalid(word);
                    }
                }
                case "max_conns=" -> maxConns = number(value, word);
                case "max_fails=" -> maxFails = number(value, word);
                case "fail_timeout=" -> {
                    failTimeout = Units.seconds(value);
                    if (failTimeout < 0) {
                        throw invalid(word);
                    }
                }
                case "backup" -> {
                    if (!balancer().takesBackups()) {
                        throw use.error("balancing method does not support parameter \"" + text + "\"", word);
                    }
                    backup = true;
                }
                case "down" -> admission = Admission.DOWN;
                case "drain" -> admission = Admission.DRAINING;
                case "resolve" -> resolve = true;
                case "service=" -> {
                    if (value.isEmpty()) {
                        throw use.error("service is empty", word);
                    }
                    service = value;
                }
                default -> throw invalid(word);
            }
        }

        private Balancer balancer() {
            List<BalancerDirectives.Choice> choices = use.scope().list(BalancerDirectives.CHOICES);
            return choices.isEmpty() ? RoundRobin.INSTANCE : choices.getLast().balancer();
        }

        private int number(String value, Word word) {
            try {
                return Integer.parseUnsignedInt(value);
            } catch (NumberFormatException e) {
                throw invalid(word);
            }
        }

        private RuntimeException invalid(Word word) {
            return use.error(
                    "invalid parameter \"" + word.text() + "\"",
                    word,
                    "expected weight=, max_conns=, max_fails=, fail_timeout=, backup, down, drain, resolve or"
                            + " service=");
        }
    }
}
