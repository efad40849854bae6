package io.gatehouse.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "2001:db8::1",
                "1::",
                "1:2:3:4:5:6:7:8",
                "2001:DB8::",
                "::ffff:192.0.2.1",
                "1:2:3:4:5:6:1.2.3.4",
                "1::5:6:7:8"
            })
    void addressesAreReadAsTheMachineReadsThem(String text) throws UnknownHostException {
        byte[] octets = Objects.requireNonNull(IpText.parse(text));
        assertThat(InetAddress.getByAddress(IpText.unmapped(octets))).isEqualTo(InetAddress.ofLiteral(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "localhost",
                ":",
                ":::",
                "1:2",
                "::1::",
                "12345::",
                "1:2:3:4:5:6:7:8:9",
                "g::",
                "::1.2.3",
                "1:2:3:4:5:6:7:",
                "fe80::1%eth0",
                "[::1]",
                "1:2:3:4:5:6:7::8",
                "1.2.3.4 "
            })
    void whatIsNoAddressIsNone(String text) {
        assertThat(IpText.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.0.2.128/25, 192.0.2.129, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 200.1.1.1, true",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "10.0.0.0/8, ::ffff:10.1.1.1, true",
        "10.0.0.0/8, ::1, false"
    })
    void aNetworkHoldsItsAddresses(String network, String address, boolean holds) {
        assertThat(network(network).contains(Objects.requireNonNull(IpText.parse(address))))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/x",
                "::/129",
                "10/8",
                "/8",
                "10.0.0.0/-1",
                "255.255.255.255"
            })
    void whatIsNoNetworkIsNone(String text) {
        assertThat(Network.parse(text)).isNull();
    }

    @Test
    void bitsBehindTheLengthAreCleared() {
        assertThat(network("10.1.2.3/8")).isEqualTo(network("10.0.0.0/8"));
        assertThat(Network.isExact("10.1.2.3/8")).isFalse();
        assertThat(Network.isExact("10.0.0.0/8")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "false, 192.0.2.1, 192.0.2.1",
        "false, '203.0.113.9, 192.0.2.1', 192.0.2.1",
        "true, '203.0.113.9, 10.0.0.7', 203.0.113.9",
        "true, '203.0.113.9 10.0.0.7,10.0.0.8', 203.0.113.9",
        "true, '10.0.0.9', 10.0.0.9",
        "true, 'unknown, 10.0.0.7', 10.0.0.7",
        "false, 'rubbish', 10.0.0.1",
        "false, '', 10.0.0.1",
        "false, '192.0.2.1:8080', 192.0.2.1",
    })
    void trustedProxiesAreBelieved(boolean recursive, String list, String found) {
        byte[] peer = Objects.requireNonNull(IpText.parse("10.0.0.1"));
        ForwardedFor.Found result = ForwardedFor.find(peer, list, List.of(network("10.0.0.0/8")), recursive);
        assertThat(result.address()).isEqualTo(IpText.parse(found));
    }

    @Test
    void othersAreNotBelieved() {
        byte[] peer = Objects.requireNonNull(IpText.parse("203.0.113.1"));
        ForwardedFor.Found result = ForwardedFor.find(peer, "192.0.2.1", List.of(network("10.0.0.0/8")), true);
        assertThat(result.address()).isEqualTo(peer);
        assertThat(result.changed()).isFalse();
    }

    @Test
    void severalFieldsAreOneList() {
        Headers request = new Headers();
        request.add("X-Forwarded-For", "192.0.2.1");
        request.add("Host", "localhost");
        request.add("X-Forwarded-For", "192.0.2.2, 192.0.2.3");
        assertThat(ForwardedFor.list(request, FieldName.X_FORWARDED_FOR)).isEqualTo("192.0.2.1, 192.0.2.2, 192.0.2.3");
    }

    private static Network network(String text) {
        return Objects.requireNonNull(Network.parse(text));
    }
}
