package io.gatehouse.module.geo;

import io.gatehouse.address.ForwardedFor;
import io.gatehouse.address.IpText;
import io.gatehouse.address.Network;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Variable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable that a {@code geo} makes. */
final class GeoVariable implements Variable {
    /** What every address that is no IP address counts as. */
    private static final byte[] NOBODY = {-1, -1, -1, -1};

    private final @Nullable Variable source;
    private final AddressTable v4;
    private final @Nullable AddressTable v6;
    private final List<Network> proxies;
    private final boolean recursive;
    /** Where the value is kept once it is known; -1 to look each time ({@code volatile}). */
    private final int slot;

    GeoVariable(GeoTable table, @Nullable Variable source, int slot) {
        this.source = source;
        this.v4 = table.buildV4();
        this.v6 = table.buildV6();
        this.proxies = List.copyOf(table.proxies);
        this.recursive = table.proxyRecursive;
        this.slot = table.isVolatile ? -1 : slot;
    }

    @Override
    public String get(Exchange x) {
        String known = slot < 0 ? null : (String) x.variables.value(slot);
        if (known == null) {
            known = find(address(x));
            if (slot >= 0) {
                x.variables.value(slot, known);
            }
        }
        return known;
    }

    private byte[] address(Exchange x) {
        String text = source == null ? x.main().remoteAddress : source.get(x);
        byte[] address = text == null ? null : IpText.parse(text);
        if (source != null && address == null && !"unix:".equals(text)) {
            return NOBODY;
        }
        if (!proxies.isEmpty()) {
            Headers request = x.main().request;
            if (request.has(FieldName.X_FORWARDED_FOR)) {
                byte[] peer = address == null ? new byte[0] : address;
                ForwardedFor.Found found = ForwardedFor.find(
                        peer, ForwardedFor.list(request, FieldName.X_FORWARDED_FOR), proxies, recursive);
                address = found.address().length == 0 ? null : found.address();
            }
        }
        return address == null ? NOBODY : IpText.unmapped(address);
    }

    private String find(byte[] address) {
        if (address.length == 4) {
            return v4.find(0, NetworkTree.number(address, 0, 4));
        }
        if (v6 == null) {
            return v4.find(0, NetworkTree.number(NOBODY, 0, 4));
        }
        return v6.find(NetworkTree.number(address, 0, 8), NetworkTree.number(address, 8, 16));
    }
}
