package io.gatehouse.module.geo;

import io.gatehouse.address.IpText;
import io.gatehouse.address.Network;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The block of a {@code geo}, read once. */
final class GeoTable {
    private static final String EVERYBODY = "255.255.255.255";
    private static final Network EVERYBODY_NETWORK = new Network(new byte[] {-1, -1, -1, -1}, 32);

    private final Use use;
    private final NetworkTree v4 = new NetworkTree();
    private final NetworkTree v6 = new NetworkTree();
    private final RangeList list = new RangeList();
    private @Nullable String byDefault;
    private boolean isRanges;
    private boolean hasNetworks;

    final List<Network> proxies = new ArrayList<>();
    boolean proxyRecursive;
    boolean isVolatile;

    GeoTable(Use use) {
        this.use = use;
        for (Node line : use.table()) {
            read(line);
        }
    }

    AddressTable buildV4() {
        return isRanges ? list.build(byDefault == null ? "" : byDefault) : v4.build();
    }

    /** Null where only IPv4 addresses are known. */
    @Nullable
    AddressTable buildV6() {
        return isRanges ? null : v6.build();
    }

    private void read(Node line) {
        int count = line.arguments().size();
        if (count == 0) {
            switch (line.name()) {
                case "ranges" -> {
                    if (hasNetworks) {
                        throw ConfigException.at(
                                line, "the \"ranges\" directive must be the first directive inside \"geo\" block");
                    }
                    isRanges = true;
                    return;
                }
                case "proxy_recursive" -> {
                    proxyRecursive = true;
                    return;
                }
                case "volatile" -> {
                    isVolatile = true;
                    return;
                }
                default -> {}
            }
        }
        if (count != 1) {
            throw ConfigException.at(line, "invalid number of the geo parameters");
        }
        String value = line.argument(0);
        if (line.name().equals("proxy")) {
            proxies.add(network(line, value));
        } else if (isRanges) {
            range(line, value);
        } else {
            hasNetworks = true;
            network(line);
        }
    }

    private void range(Node line, String value) {
        if (line.name().equals("default")) {
            if (byDefault != null) {
                use.warn("duplicate default geo range value: \"" + value + "\", old value: \"" + byDefault + "\"");
            }
            byDefault = value;
            return;
        }
        boolean deletes = line.name().equals("delete");
        String text = deletes ? value : line.name();
        int dash = text.indexOf('-');
        long first = dash < 0 ? -1 : number(text.substring(0, dash));
        long last = dash < 0 ? -1 : number(text.substring(dash + 1));
        if (first < 0 || last < first) {
            throw ConfigException.at(line, "invalid range \"" + text + "\"");
        }
        if (deletes) {
            if (!list.remove(first, last)) {
                use.warn("no address range \"" + text + "\" to delete");
            }
            return;
        }
        RangeList.Clash clash = list.add(first, last, value);
        if (clash != null && clash.overlapped() != null) {
            throw ConfigException.at(line, "range \"" + text + "\" overlaps \"" + clash.overlapped() + "\"");
        }
        if (clash != null) {
            use.warn("duplicate range \"" + text + "\", value: \"" + value + "\", old value: \"" + clash.oldValue()
                    + "\"");
        }
    }

    /** An IPv4 address as a number; -1 for anything else, and for that of everybody, as in nginx. */
    private static long number(String text) {
        byte[] octets = IpText.parse(text);
        if (octets == null || octets.length != 4 || text.equals(EVERYBODY)) {
            return -1;
        }
        return NetworkTree.number(octets, 0, 4);
    }

    private void network(Node line) {
        String value = line.argument(0);
        switch (line.name()) {
            case "default" -> {
                put(v4, new Network(new byte[4], 0), "default", value);
                put(v6, new Network(new byte[16], 0), "default", value);
            }
            case "delete" -> {
                Network network = network(line, value);
                if (!tree(network).remove(network)) {
                    use.warn("no network \"" + value + "\" to delete");
                }
            }
            default -> {
                Network network = network(line, line.name());
                put(tree(network), network, line.name(), value);
            }
        }
    }

    private NetworkTree tree(Network network) {
        return network.base().length == 4 ? v4 : v6;
    }

    private void put(NetworkTree tree, Network network, String text, String value) {
        String old = tree.put(network, value);
        if (old != null) {
            use.warn("duplicate network \"" + text + "\", value: \"" + value + "\", old value: \"" + old + "\"");
        }
    }

    private Network network(Node line, String text) {
        if (text.equals(EVERYBODY)) {
            return EVERYBODY_NETWORK;
        }
        Network network = Network.parse(text);
        if (network == null) {
            throw ConfigException.at(line, "invalid network \"" + text + "\"");
        }
        if (!Network.isExact(text)) {
            use.warn("low address bits of " + text + " are meaningless");
        }
        return network;
    }
}
