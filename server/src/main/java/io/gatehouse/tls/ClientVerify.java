package io.gatehouse.tls;

/** Whether clients are asked for a certificate, and what becomes of a request without a good one ({@code ssl_verify_client}). */
public enum ClientVerify {
    OFF,
    /** It has to be there and good. */
    ON,
    /** It may be missing; if it is there, it has to be good. */
    OPTIONAL,
    /** It may be missing, and of an unknown authority. */
    OPTIONAL_NO_CA
}
