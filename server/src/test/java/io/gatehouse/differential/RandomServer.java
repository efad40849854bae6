package io.gatehouse.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes the inner of a {@code server} block at random: locations of all kinds within each other, rewrites, conditions, files,
 * error pages and an application behind. Much of it is nonsense, and some of it nginx refuses; what it takes it gives a meaning.
 *
 * <p>It leaves out where the two differ on purpose: a success as the end of {@code try_files} (nginx answers nothing), a Host
 * that is set to nothing, what {@code proxy_redirect} inherits of another application's address, and a subrequest with the length of a
 * body that it has not.
 */
final class RandomServer {
    private static final List<String> SEGMENTS = List.of(
            "a",
            "b",
            "dir",
            "dir2",
            "img",
            "app",
            "x",
            "sub",
            "a.html",
            "b.txt",
            "x.php",
            "index.html",
            "index.php",
            "a.gif",
            "nodir",
            "Dir",
            "A.HTML",
            "x y",
            "accel",
            "named-accel",
            "cookie",
            "found",
            "chunked",
            "http10",
            "no-content",
            "unauthorized",
            "busy",
            "fields",
            "auth");
    private static final List<String> VARIABLES = List.of(
            "$uri",
            "$args",
            "$is_args",
            "$request_uri",
            "$document_uri",
            "$query_string",
            "$arg_a",
            "$arg_b",
            "$host",
            "$server_name",
            "$request_method",
            "$document_root",
            "$request_filename",
            "$v1",
            "$v2",
            "$m1",
            "$m2",
            "$http_x",
            "$1",
            "$2",
            "$status",
            "$request",
            "$server_protocol",
            "$scheme",
            "$realpath_root",
            "$limit_rate",
            "$content_type",
            "$cookie_c",
            "$remote_addr",
            "$upstream_status",
            "$upstream_http_x_app",
            "$upstream_http_location",
            "$upstream_cookie_k",
            "$geo",
            "$split",
            "$remote_user",
            "$http_referer",
            "$content_length",
            "$http_cookie",
            "$proxy_host",
            "$proxy_port",
            "$proxy_add_x_forwarded_for",
            "$http_authorization",
            "$name",
            "text",
            "1");
    private static final List<String> REGEXES = List.of(
            "^/(a|b)(.*)$",
            "\\.html$",
            "\\.(gif|png)$",
            "^/dir/(.*)$",
            "/([^/]+)/([^/]+)$",
            "(?i)dir",
            "^(.*)/x(.*)$",
            "^/app/(?<name>.*)\\.php$",
            "^/",
            "b",
            "^(/.*)$",
            "\\.php(/|$)",
            "[ab]+",
            "^/$",
            "(x)?(y)?");
    private static final List<String> REPLACEMENTS = List.of(
            "/$1",
            "/dir/$1",
            "/a.html",
            "/dir/",
            "/$2/$1",
            "/app/index.php?p=$1",
            "/b.txt?",
            "/x$1?q=$args",
            "/$1?",
            "http://other.test/$1",
            "https://h.test:8443$uri?",
            "/img/a.gif",
            "$uri/",
            "$uri?z=1",
            "/dir/$v1",
            "$scheme://$host/r$1",
            "/a%20b",
            "/x y",
            "/z$2");
    private static final List<Integer> STATUSES =
            List.of(200, 201, 204, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 413, 418, 500, 502, 503, 429, 304);
    private static final String PASS = "proxy_pass http://127.0.0.1:@APP@";

    private final Random random;

    RandomServer(long seed) {
        this.random = new Random(seed);
    }

    // ---------------------------------------------------------------- chances

    @SafeVarargs
    private <T> T one(T... of) {
        return of[random.nextInt(of.length)];
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private void maybe(int percent, List<String> out, Supplier<String> made) {
        if (chance(percent)) {
            out.add(made.get());
        }
    }

    private static String quoted(String text) {
        return text.matches(".*[ {};].*") ? "\"" + text + "\"" : text;
    }

    private String text(int parts) {
        return IntStream.rangeClosed(0, random.nextInt(parts))
                .mapToObj(i -> one(VARIABLES))
                .collect(Collectors.joining("|"));
    }

    // ---------------------------------------------------------------- the server

    String server() {
        List<String> out = common();
        // A body of the server's own would go with the question whether somebody may come in, of no length.
        out.addAll(proxying().stream()
                .filter(x -> chance(40) && !x.startsWith("proxy_set_body"))
                .toList());
        out.add("root @ROOT@;");
        out.add("location = /auth { internal; " + PASS
                + "; proxy_pass_request_body off; proxy_set_header Content-Length \"\"; }");
        maybe(10, out, () -> "merge_slashes off;");
        for (int i = random.nextInt(3); i > 0; i--) {
            out.add(one(condition(false), rewrite(), set()));
        }
        maybe(5, out, this::answer);
        maybe(6, out, this::tryFiles);
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            out.add(location(0, "", false));
        }
        for (String name : List.of("@one", "@two")) {
            List<String> inner = common();
            inner.add(one(answer(), tryFiles(), rewrite(), set(), PASS + ";"));
            out.add("location " + name + " { " + String.join(" ", inner) + " }");
        }
        return String.join("\n", out);
    }

    private String location(int depth, String parent, boolean onlyRegex) {
        String kind = onlyRegex ? one("~ ", "~* ") : one("", "", "", "^~ ", "= ", "~ ", "~* ");
        boolean regex = kind.startsWith("~");
        String name = regex ? one(REGEXES) : parent.replaceAll("/$", "") + path();
        List<String> out = common();
        out.addAll(proxying());
        if (chance(20)) {
            out.add("root @ROOT@" + one("/alt", "", "/dir", "/$arg_b") + ";");
        } else if (regex && chance(20)) {
            // In a prefix nginx cuts that off a rewritten URI, be it there or not.
            out.add("alias @ROOT@" + one("/$1", "/dir/$1", "/alt/$1") + ";");
        }
        for (int i = one(0, 0, 1, 1, 2, 3); i > 0; i--) {
            out.add(one(condition(true), rewrite(), set(), condition(true)));
        }
        switch (random.nextInt(10)) {
            case 0, 1 -> out.add(answer());
            case 2, 3 -> out.add(tryFiles());
            case 4, 5, 6 ->
                out.add(PASS + (regex ? one("", "", "$uri$is_args$args", "/x$1") : one("", "/", "/p", "/p/")) + ";");
            default -> {}
        }
        maybe(5, out, () -> "internal;");
        maybe(5, out, () -> "limit_except GET { deny all; }");
        maybe(5, out, () -> one("deny all;", "allow 127.0.0.1; deny all;", "deny 127.0.0.1;"));
        Collections.shuffle(out, random);
        if (depth < 2 && !kind.equals("= ")) {
            for (int i = one(0, 0, 0, 1, 2); i > 0; i--) {
                out.add(location(depth + 1, regex ? "" : name, regex));
            }
        }
        return "location " + kind + quoted(name) + " {\n" + String.join("\n", out) + "\n}";
    }

    // ---------------------------------------------------------------- directives

    private String rewrite() {
        String flag = one("", " last", " break", " redirect", " permanent", "", " last");
        return "rewrite " + quoted(one(REGEXES)) + " " + quoted(one(REPLACEMENTS)) + flag + ";";
    }

    private String set() {
        return "set $v" + one(1, 2) + " \"" + text(2) + "\";";
    }

    private String answer() {
        int status = one(STATUSES);
        return switch (random.nextInt(8)) {
            case 0, 1 -> "return " + status + ";";
            case 2, 3, 4 -> "return " + status + " \"" + text(3) + "\";";
            case 5, 6 -> "return " + one("http://x.test/$uri", "https://x.test$request_uri", "$scheme://h$uri") + ";";
            default ->
                "return " + one(301, 302, 307, 308) + " " + one("/rel", "/dir/$arg_a", "http://z.test/", "$uri?x")
                        + ";";
        };
    }

    private String condition(boolean inLocation) {
        String regex = quoted(one(REGEXES));
        String asked = one(
                "$arg_a",
                "$arg_a = 1",
                "$arg_a != 1",
                "$uri ~ " + regex,
                "$uri !~ " + regex,
                "$request_uri ~* " + regex,
                "-f $request_filename",
                "!-f $request_filename",
                "-d $request_filename",
                "!-d $request_filename",
                "-e $request_filename",
                "!-e $request_filename",
                "-x $request_filename",
                "$request_method = POST",
                "$v1",
                "$m1 = one",
                "$http_x",
                "$args ~ (a)=(.)",
                "$host = localhost",
                "$v2 = \"a\"");
        List<String> body = new ArrayList<>();
        for (int i = one(1, 2); i > 0; i--) {
            body.add(one(rewrite(), answer(), set(), set()));
        }
        if (inLocation) {
            maybe(30, body, () -> "add_header X-If \"" + text(1) + "\";");
            maybe(15, body, () -> "root @ROOT@/alt;");
            maybe(15, body, () -> "expires " + one("1h", "-1", "max", "epoch", "off", "0") + ";");
            maybe(10, body, () -> PASS + ";");
            maybe(8, body, () -> "break;");
        }
        return "if (" + asked + ") { " + String.join(" ", body) + " }";
    }

    private String tryFiles() {
        List<String> files = new ArrayList<>(List.of(
                "$uri",
                "$uri/",
                "$uri.html",
                "/dir$uri",
                "/a.html",
                "$document_uri/index.html",
                "/img/$1",
                "/nofile",
                "$uri/a.html"));
        Collections.shuffle(files, random);
        return "try_files " + String.join(" ", files.subList(0, one(1, 2, 3))) + " "
                + one(
                        "=404",
                        "=403",
                        "=402",
                        "@one",
                        "@two",
                        "/index.html",
                        "/a.html?x=$args",
                        "/nofile",
                        "/dir/index.html",
                        "$uri/",
                        "/app/x.php$is_args$args")
                + ";";
    }

    private String errorPage() {
        List<Integer> codes =
                new ArrayList<>(List.of(400, 401, 403, 404, 405, 410, 500, 502, 503, 301, 302, 413, 418, 429));
        Collections.shuffle(codes, random);
        return "error_page "
                + codes.subList(0, one(1, 2)).stream().map(String::valueOf).collect(Collectors.joining(" "))
                + one("", "", " =", " =200", " =404", " =302") + " "
                + one(
                        "/err.html",
                        "@one",
                        "@two",
                        "/dir/index.html",
                        "http://e.test/x",
                        "/nofile",
                        "/a.html?c=$status",
                        "/err$uri",
                        "/x.php")
                + ";";
    }

    /** What every level takes. */
    private List<String> common() {
        List<String> out = new ArrayList<>();
        maybe(15, out, () -> "add_header X-A \"" + text(2) + "\"" + one("", " always") + ";");
        maybe(8, out, () -> "add_header Cache-Control \"" + one("no-cache", "public, max-age=1") + "\";");
        maybe(8, out, () -> "expires " + one("1h", "-1", "max", "epoch", "off", "7d", "modified +1h") + ";");
        maybe(20, out, this::errorPage);
        maybe(10, out, () -> "default_type " + one("text/plain", "application/json", "\"\"", "\"a/b; c=d\"") + ";");
        maybe(
                10,
                out,
                () -> "index "
                        + one("index.html", "index.txt index.html", "a.html", "none index.php", "/a.html", "x /b.txt")
                        + ";");
        maybe(6, out, () -> "absolute_redirect off;");
        maybe(6, out, () -> "port_in_redirect " + one("on", "off") + ";");
        maybe(5, out, () -> "server_name_in_redirect " + one("on", "off") + ";");
        maybe(5, out, () -> "recursive_error_pages on;");
        maybe(5, out, () -> "log_not_found off;");
        maybe(4, out, () -> "etag off;");
        maybe(4, out, () -> "if_modified_since " + one("off", "exact", "before") + ";");
        maybe(4, out, () -> "max_ranges " + one(0, 1, 2) + ";");
        maybe(4, out, () -> "types { text/x-h html; image/z gif; }");
        return out;
    }

    /** What concerns an application, and who may ask it. */
    private List<String> proxying() {
        List<String> out = new ArrayList<>();
        maybe(7, out, () -> "proxy_redirect " + one("off", "/l /m", "~*^(.*)/l$ /z$1", "/ $scheme://$host/") + ";");
        maybe(7, out, () -> "proxy_cookie_path " + one("/ /cp/", "/c /d", "~*^/(.*)$ /w/$1", "off") + ";");
        maybe(5, out, () -> "proxy_cookie_domain " + one("a.test b.test", "~(.*)\\.test $1.org", "off") + ";");
        maybe(5, out, () -> "proxy_cookie_flags " + one("k secure httponly samesite=lax", "~ nosecure", "off") + ";");
        maybe(7, out, () -> "proxy_hide_header " + one("X-App", "Location", "Set-Cookie", "Content-Type") + ";");
        maybe(5, out, () -> "proxy_ignore_headers " + one("X-Accel-Redirect", "Expires", "X-Accel-Limit-Rate") + ";");
        maybe(5, out, () -> "proxy_method " + one("POST", "GET", "HEAD") + ";");
        maybe(5, out, () -> "proxy_set_body \"b$uri\";");
        maybe(4, out, () -> "proxy_pass_request_headers off;");
        maybe(
                10,
                out,
                () -> "proxy_set_header " + one("A", "X-Uri", "Cookie", "X-Forwarded-For") + " \"" + text(1) + "\";");
        maybe(12, out, () -> "proxy_intercept_errors " + one("on", "off") + ";");
        maybe(6, out, () -> "proxy_buffering off;");
        maybe(5, out, () -> "proxy_http_version 1.0;");
        maybe(3, out, () -> "proxy_request_buffering off;");
        maybe(6, out, () -> "auth_basic " + one("\"r\"", "off", "\"$arg_a\"") + ";");
        maybe(6, out, () -> "auth_basic_user_file @ROOT@/../users;");
        maybe(6, out, () -> "satisfy " + one("any", "all") + ";");
        maybe(8, out, () -> "auth_request " + one("/auth", "/auth", "off") + ";");
        maybe(5, out, () -> "auth_request_set $v1 \"" + text(1) + "\";");
        return out;
    }

    // ---------------------------------------------------------------- requests

    private String path() {
        StringBuilder path = new StringBuilder("/");
        int segments = one(0, 1, 1, 2, 2, 3);
        for (int i = 0; i < segments; i++) {
            path.append(i == 0 ? "" : "/").append(one(SEGMENTS));
        }
        return path.append(segments > 0 && chance(30) ? "/" : "").toString();
    }

    /** A request for a path at random, or for one near what the server names. */
    String request(String host, List<String> named) {
        String path = named.isEmpty() || chance(40) ? path() : one(named) + one("", "/", "a", "/a.html", "x", "/found");
        path = path.replace(" ", "%20");
        if (chance(10)) {
            path = path.replaceFirst("a", "%61");
        }
        if (chance(6)) {
            path += one("/../", "/./", "//", "/..", "%2f", "/%2e%2e/b");
        }
        String method = chance(75) ? "GET" : one("HEAD", "POST", "PUT", "OPTIONS");
        String body = method.startsWith("P") ? "x".repeat(one(0, 5, 11, 2000)) : "";
        List<String> fields = new ArrayList<>(List.of("Host: " + host));
        if (method.startsWith("P")) {
            fields.add("Content-Length: " + body.length());
        }
        maybe(8, fields, () -> "X: y");
        maybe(15, fields, () -> "Authorization: Basic " + one("dTpw", "dTp4", "eDpw", "!!", "dQ==", "dTpwOnE="));
        maybe(15, fields, () -> "Referer: " + one("http://a.ok.test/", "http://good/", "xx", "https://bad.test/x"));
        maybe(15, fields, () -> "Cookie: " + one("c=1", "c=2; k=v", "k=v;c=3", "c"));
        maybe(5, fields, () -> "X-Forwarded-For: 192.0.2.1");
        maybe(5, fields, () -> "Range: bytes=" + one("0-2", "-3", "2-", "5-1", "900-", "x"));
        maybe(
                4,
                fields,
                () -> "If-Modified-Since: " + one("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2038 00:00:00 GMT"));
        maybe(3, fields, () -> "If-None-Match: *");
        maybe(3, fields, () -> "If-Match: \"x\"");
        fields.add("Connection: close");
        String query = one("", "", "?a=1", "?a=0", "?a=x&b=2", "?", "?a=dir&b=alt", "?a=1?b");
        return method + " " + path + query + " HTTP/1." + one(1, 1, 1, 0) + "\r\n" + String.join("\r\n", fields)
                + "\r\n\r\n" + body;
    }
}
