package io.gatehouse.module.access;

import io.gatehouse.address.IpText;
import io.gatehouse.address.Network;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.observe.log.Level;
import java.util.List;

/**
 * Asks the rules for the kind of address that the client has, in the order of the file; the first that matches decides. An
 * IPv6 address that stands for an IPv4 one is looked for as that, where there are rules for IPv4.
 */
record AccessRules(Rule[] v4, Rule[] v6, Rule[] unix) implements Handler {
    /** One {@code allow} or {@code deny}. */
    record Rule(Network network, boolean denies) {
        /** Every address of every kind. */
        static final Network ALL = new Network(new byte[0], -1);
    }

    private static final Network EVERY_V4 = new Network(new byte[4], 0);
    private static final Network EVERY_V6 = new Network(new byte[16], 0);

    static AccessRules of(List<Rule> rules) {
        return new AccessRules(select(rules, EVERY_V4), select(rules, EVERY_V6), select(rules, Network.UNIX));
    }

    /** The rules for addresses of one kind. */
    private static Rule[] select(List<Rule> rules, Network every) {
        return rules.stream()
                .map(rule -> rule.network().equals(Rule.ALL) ? new Rule(every, rule.denies()) : rule)
                .filter(rule -> rule.network().base().length == every.base().length)
                .toArray(Rule[]::new);
    }

    @Override
    public Outcome handle(Exchange x) {
        byte[] address = IpText.parse(x.remoteAddress);
        if (address == null) {
            return unix.length == 0 || !x.remoteAddress.startsWith("unix:") ? Outcome.NEXT : found(x, unix[0]);
        }
        if (v4.length > 0) {
            address = IpText.unmapped(address);
        }
        for (Rule rule : address.length == 4 ? v4 : v6) {
            if (rule.network().contains(address)) {
                return found(x, rule);
            }
        }
        return Outcome.NEXT;
    }

    private static Outcome found(Exchange x, Rule rule) {
        if (!rule.denies()) {
            return Outcome.GRANTED;
        }
        if (!x.location.core.satisfyAny()) {
            x.log(Level.ERROR, "access forbidden by rule");
        }
        return Outcome.status(403);
    }
}
