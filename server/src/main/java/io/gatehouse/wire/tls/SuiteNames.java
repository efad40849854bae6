package io.gatehouse.wire.tls;

import java.util.HexFormat;
import java.util.Map;

/** OpenSSL's names of the numbers that the registries of TLS give to cipher suites and groups. */
public final class SuiteNames {
    private static final Map<Integer, String> GROUPS = Map.ofEntries(
            Map.entry(21, "secp224r1"),
            Map.entry(22, "secp256k1"),
            Map.entry(23, "prime256v1"),
            Map.entry(24, "secp384r1"),
            Map.entry(25, "secp521r1"),
            Map.entry(26, "brainpoolP256r1"),
            Map.entry(27, "brainpoolP384r1"),
            Map.entry(28, "brainpoolP512r1"),
            Map.entry(29, "X25519"),
            Map.entry(30, "X448"),
            Map.entry(256, "ffdhe2048"),
            Map.entry(257, "ffdhe3072"),
            Map.entry(258, "ffdhe4096"),
            Map.entry(259, "ffdhe6144"),
            Map.entry(260, "ffdhe8192"),
            Map.entry(0x11eb, "SecP256r1MLKEM768"),
            Map.entry(0x11ec, "X25519MLKEM768"),
            Map.entry(0x11ed, "SecP384r1MLKEM1024"));

    private static final Map<Integer, String> SUITES = Map.ofEntries(
            Map.entry(0x1301, "TLS_AES_128_GCM_SHA256"),
            Map.entry(0x1302, "TLS_AES_256_GCM_SHA384"),
            Map.entry(0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
            Map.entry(0x1304, "TLS_AES_128_CCM_SHA256"),
            Map.entry(0x1305, "TLS_AES_128_CCM_8_SHA256"),
            Map.entry(0xc02b, "ECDHE-ECDSA-AES128-GCM-SHA256"),
            Map.entry(0xc02c, "ECDHE-ECDSA-AES256-GCM-SHA384"),
            Map.entry(0xc02f, "ECDHE-RSA-AES128-GCM-SHA256"),
            Map.entry(0xc030, "ECDHE-RSA-AES256-GCM-SHA384"),
            Map.entry(0xcca8, "ECDHE-RSA-CHACHA20-POLY1305"),
            Map.entry(0xcca9, "ECDHE-ECDSA-CHACHA20-POLY1305"),
            Map.entry(0xccaa, "DHE-RSA-CHACHA20-POLY1305"),
            Map.entry(0xc009, "ECDHE-ECDSA-AES128-SHA"),
            Map.entry(0xc00a, "ECDHE-ECDSA-AES256-SHA"),
            Map.entry(0xc013, "ECDHE-RSA-AES128-SHA"),
            Map.entry(0xc014, "ECDHE-RSA-AES256-SHA"),
            Map.entry(0xc023, "ECDHE-ECDSA-AES128-SHA256"),
            Map.entry(0xc024, "ECDHE-ECDSA-AES256-SHA384"),
            Map.entry(0xc027, "ECDHE-RSA-AES128-SHA256"),
            Map.entry(0xc028, "ECDHE-RSA-AES256-SHA384"),
            Map.entry(0xc0ac, "ECDHE-ECDSA-AES128-CCM"),
            Map.entry(0xc0ad, "ECDHE-ECDSA-AES256-CCM"),
            Map.entry(0xc0ae, "ECDHE-ECDSA-AES128-CCM8"),
            Map.entry(0xc0af, "ECDHE-ECDSA-AES256-CCM8"),
            Map.entry(0x009e, "DHE-RSA-AES128-GCM-SHA256"),
            Map.entry(0x009f, "DHE-RSA-AES256-GCM-SHA384"),
            Map.entry(0x0033, "DHE-RSA-AES128-SHA"),
            Map.entry(0x0039, "DHE-RSA-AES256-SHA"),
            Map.entry(0x0067, "DHE-RSA-AES128-SHA256"),
            Map.entry(0x006b, "DHE-RSA-AES256-SHA256"),
            Map.entry(0x009c, "AES128-GCM-SHA256"),
            Map.entry(0x009d, "AES256-GCM-SHA384"),
            Map.entry(0x002f, "AES128-SHA"),
            Map.entry(0x0035, "AES256-SHA"),
            Map.entry(0x003c, "AES128-SHA256"),
            Map.entry(0x003d, "AES256-SHA256"),
            Map.entry(0x000a, "DES-CBC3-SHA"),
            Map.entry(0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"));

    private SuiteNames() {}

    /** Names separated by colons; numbers that have none as they are. */
    public static String suites(char[] numbers) {
        return join(numbers, SUITES);
    }

    /** As {@link #suites}, of groups. */
    public static String groups(char[] numbers) {
        return join(numbers, GROUPS);
    }

    /** The numbers themselves. */
    public static String numbers(char[] numbers) {
        return join(numbers, Map.of());
    }

    private static String join(char[] numbers, Map<Integer, String> names) {
        StringBuilder text = new StringBuilder(numbers.length * 24);
        for (char number : numbers) {
            if (!text.isEmpty()) {
                text.append(':');
            }
            String name = names.get((int) number);
            text.append(name == null ? "0x" + HexFormat.of().toHexDigits(number) : name);
        }
        return text.toString();
    }

    /** OpenSSL's name of a group that BoringSSL or the JDK has another name for. */
    public static String group(String name) {
        return switch (name) {
            case "P-224" -> "secp224r1";
            case "P-256", "secp256r1" -> "prime256v1";
            case "P-384" -> "secp384r1";
            case "P-521" -> "secp521r1";
            default -> name;
        };
    }
}
