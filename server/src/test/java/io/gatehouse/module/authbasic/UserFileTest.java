package io.gatehouse.module.authbasic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFileTest {
    @TempDir
    Path folder;

    @Test
    void findsAUserAndWhatStandsBehindTheColon() throws Exception {
        Path file = Files.writeString(
                folder.resolve("users"),
                "# comment:x\n\nann:first:a comment\r\nannabel:second\nbob\nann:never\n#bob:commented\nbob:third");
        assertThat(UserFile.find(file, "ann")).isEqualTo("first");
        assertThat(UserFile.find(file, "annabel")).isEqualTo("second");
        assertThat(UserFile.find(file, "bob")).isEqualTo("third");
        assertThat(UserFile.find(file, "anna")).isNull();
        assertThat(UserFile.find(file, "# comment")).isNull();
        assertThat(UserFile.find(file, "carl")).isNull();
    }

    @Test
    void anEmptyFileKnowsNobody() throws Exception {
        assertThat(UserFile.find(Files.createFile(folder.resolve("users")), "ann"))
                .isNull();
    }
}
