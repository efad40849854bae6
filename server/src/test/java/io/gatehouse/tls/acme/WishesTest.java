package io.gatehouse.tls.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.Snapshot;
import io.gatehouse.run.Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What authorities would be asked for by a configuration. Nobody is asked. */
class WishesTest {
    private static final String LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

    @TempDir
    private Path folder;

    private List<CertificateWish> of(String http) throws Exception {
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, "events {} http { access_log off; " + http + " }", StandardCharsets.ISO_8859_1);
        Snapshot snapshot = new Server(new Paths(folder, folder, file), "", "stderr").load();
        return Objects.requireNonNull(snapshot.shared(Acme.class)).certificates().stream()
                .map(ManagedCertificate::wish)
                .toList();
    }

    private static String server(String name, String auto) {
        return "server { listen 127.0.0.1:18443 ssl; server_name " + name + "; auto_https " + auto + "; }";
    }

    /** Let's Encrypt certifies addresses for six days only, and refuses them otherwise. */
    @Test
    void anAddressIsAskedForInTheProfileThatLetsEncryptHasForIt() throws Exception {
        List<CertificateWish> wishes = of(server("203.0.113.5", "on"));
        assertThat(profile(wishes.getFirst())).isEqualTo(new AcmeIssuer.Profile("shortlived", true));
        String block = "acme_issuer letsencrypt { uri " + LETS_ENCRYPT + "; MORE accept_terms_of_service; } ";
        wishes = of(
                block.replace("MORE", "contact a@example.com;") + server("203.0.113.5 a.example.com", "letsencrypt"));
        assertThat(wishes).hasSize(2);
        for (CertificateWish wish : wishes) {
            assertThat(profile(wish))
                    .isEqualTo(wish.names().equals("203.0.113.5") ? new AcmeIssuer.Profile("shortlived", true) : null);
        }
        // who says a profile means it
        wishes = of(block.replace("MORE", "profile tlsserver;") + server("203.0.113.5", "letsencrypt"));
        assertThat(profile(wishes.getFirst())).isEqualTo(new AcmeIssuer.Profile("tlsserver", false));
        // of other authorities nothing is known
        wishes = of(block.replace("MORE", "").replace(LETS_ENCRYPT, "https://ca.example.com/")
                + server("203.0.113.5", "letsencrypt"));
        assertThat(profile(wishes.getFirst())).isNull();
    }

    private static AcmeIssuer.Profile profile(CertificateWish wish) {
        return wish.issuers().getFirst().profile();
    }
}
