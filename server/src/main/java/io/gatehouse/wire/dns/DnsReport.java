package io.gatehouse.wire.dns;

/** Where a resolver tells what went wrong with name servers and their answers, in nginx's words. From any loop; never waits. */
@FunctionalInterface
public interface DnsReport {
    void error(String message);
}
