package io.gatehouse.module.authbasic;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.RawHttp;
import io.gatehouse.testing.Site;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthBasicOverHttpTest {
    @TempDir
    Path folder;

    private static String as(String user, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.ISO_8859_1));
    }

    private void users(String lines) throws Exception {
        Files.writeString(folder.resolve("users"), lines);
    }

    @Test
    void aUserOfTheFileComesInAndIsKnownAsRemoteUser() throws Exception {
        users("ann:$apr1$salt$Xxd1irWT9ycqoYxGFn4cb.\nbob:{PLAIN}b:ob\n");
        String server = """
            auth_basic "closed site";
            auth_basic_user_file users;
            add_header X-User $remote_user;
            location /open { auth_basic off; try_files /f =404; }
            location / { try_files /f =404; }
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("f", "x");
            RawHttp.Answer nobody = site.get("/");
            assertThat(nobody.status()).isEqualTo(401);
            assertThat(nobody.field("WWW-Authenticate")).isEqualTo("Basic realm=\"closed site\"");
            RawHttp.Answer ann = site.get("/", as("ann", "password"));
            assertThat(ann.status()).isEqualTo(200);
            assertThat(ann.field("X-User")).isEqualTo("ann");
            assertThat(ann.field("WWW-Authenticate")).isNull();
            assertThat(site.get("/", as("ann", "Password")).status()).isEqualTo(401);
            assertThat(site.get("/", as("bob", "b")).status()).isEqualTo(200);
            assertThat(site.get("/", as("carl", "b")).status()).isEqualTo(401);
            assertThat(site.get("/", "Authorization: Bearer ann").status()).isEqualTo(401);
            assertThat(site.get("/", "Authorization: Basic ,").status()).isEqualTo(401);
            assertThat(site.get("/open").status()).isEqualTo(200);
            users("ann:{PLAIN}new\n");
            assertThat(site.get("/", as("ann", "password")).status()).isEqualTo(401);
            assertThat(site.get("/", as("ann", "new")).status()).isEqualTo(200);
            assertThat(site.stop())
                    .containsPattern("\\[info\\] .*no user/password was provided for basic authentication, client")
                    .containsPattern("\\[error\\] .*user \"ann\": password mismatch, client: 127")
                    .containsPattern("\\[error\\] .*user \"carl\" was not found in \"" + folder + "/users\", client");
        }
    }

    @Test
    void withoutAFileNobodyComesIn() throws Exception {
        String server = """
            auth_basic $arg_realm;
            auth_basic_user_file $arg_file;
            location / { try_files /f =404; }
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("f", "x");
            assertThat(site.get("/?file=nx&realm=r", as("a", "b")).status()).isEqualTo(403);
            assertThat(site.get("/?file=html&realm=r", as("a", "b")).status()).isEqualTo(500);
            assertThat(site.get("/?file=nx&realm=off").status()).isEqualTo(200);
            assertThat(site.get("/?file=nx&realm=r").field("WWW-Authenticate")).isEqualTo("Basic realm=\"r\"");
            assertThat(site.stop())
                    .contains("open() \"" + folder + "/nx\" failed (2: No such file or directory), client")
                    .containsPattern("\\[crit\\] .*read\\(\\) \"" + folder + "/html\" failed \\(21: Is a directory\\)");
        }
    }

    @Test
    void satisfyAnyTakesTheAddressOrTheName() throws Exception {
        users("ann:{PLAIN}a\n");
        String server = """
            auth_basic "closed";
            auth_basic_user_file users;
            location /any/in { satisfy any; allow 127.0.0.1; deny all; try_files /f =404; }
            location /any/out { satisfy any; deny all; try_files /f =404; }
            location /all/in { allow 127.0.0.1; deny all; try_files /f =404; }
            location /all/out { deny all; try_files /f =404; }
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("f", "x");
            assertThat(site.get("/any/in").status()).isEqualTo(200);
            assertThat(site.get("/any/in").field("WWW-Authenticate")).isNull();
            assertThat(site.get("/any/out").status()).isEqualTo(401);
            assertThat(site.get("/any/out", as("ann", "a")).status()).isEqualTo(200);
            assertThat(site.get("/all/in").status()).isEqualTo(401);
            assertThat(site.get("/all/in", as("ann", "a")).status()).isEqualTo(200);
            assertThat(site.get("/all/out", as("ann", "a")).status()).isEqualTo(403);
        }
    }

    @Test
    void authDelayHoldsARefusalBackAndNothingElse() throws Exception {
        users("ann:{PLAIN}a\n");
        String server = """
            auth_delay 300ms;
            auth_basic "closed";
            auth_basic_user_file users;
            location / { try_files /f =404; }
            location /any { satisfy any; deny all; try_files /f =404; }
            """;
        try (Site site = new Site(folder, "", server)) {
            site.file("f", "x");
            for (String target : new String[] {"/", "/any"}) {
                long begin = System.nanoTime();
                assertThat(site.get(target, as("ann", "b")).status()).isEqualTo(401);
                assertThat(System.nanoTime() - begin).isGreaterThan(290_000_000);
            }
            assertThat(site.get("/", as("ann", "a")).status()).isEqualTo(200);
            assertThat(site.stop().split("delaying unauthorized request, client", -1))
                    .hasSize(3);
        }
    }
}
