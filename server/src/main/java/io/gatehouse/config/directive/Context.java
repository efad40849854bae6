package io.gatehouse.config.directive;

/** Where a directive may stand; nginx's contexts. */
public enum Context {
    MAIN("main"),
    EVENTS("events"),
    HTTP("http"),
    SERVER("server"),
    LOCATION("location"),
    SERVER_IF("if in server"),
    LOCATION_IF("if in location"),
    LIMIT_EXCEPT("limit_except"),
    UPSTREAM("upstream"),
    ACME_ISSUER("acme_issuer");

    private final String text;

    Context(String text) {
        this.text = text;
    }

    /** As the reference writes it. */
    public String text() {
        return text;
    }
}
