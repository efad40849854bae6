package io.gatehouse.module.splitclients;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Site;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitClientsOverHttpTest {
    @TempDir
    Path folder;

    /** Where the share was asked for before the URI changed, it is that of the first URI. */
    @Test
    void aRequestStaysInItsShareWhenTheTextChanges() throws Exception {
        String http = "split_clients $uri $split { 50% low; * high; }";
        String server = """
            location /kept { set $first $split; rewrite ^ /seen last; }
            location /fresh { rewrite ^ /seen last; }
            location /seen { return 200 $split; }
            """;
        try (Site site = new Site(folder, http, server)) {
            Set<String> kept = new HashSet<>();
            Set<String> fresh = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                kept.add(site.get("/kept" + i).body());
                fresh.add(site.get("/fresh" + i).body());
            }
            assertThat(kept).containsExactlyInAnyOrder("low", "high");
            assertThat(fresh).hasSize(1);
        }
    }
}
