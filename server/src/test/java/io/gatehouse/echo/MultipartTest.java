package io.gatehouse.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ends of lines matter here, so they are written out. */
@SuppressWarnings("StringConcatToTextBlock")
class MultipartTest extends EchoFixture {
    private static final String FORM = "preamble\r\n"
            + "--b\r\n"
            + "Content-Disposition: form-data; name=\"f\"; filename=\"\u00c3\u00bc.txt\"\r\n"
            + "Content-Type: text/x\r\n\r\n\r\n"
            + "ab\r\n"
            + "-\r\r\n"
            + "--\r\n"
            + "--b  \r\n"
            + "content-disposition: form-data; name=empty\r\n\r\n\r\n"
            + "--b\r\n\r\n"
            + "--\r\n"
            + "--b--\r\n"
            + "epilogue --b";

    private static String partsOf(String form, int pieces) throws RequestRefused {
        Multipart multipart = new Multipart("b");
        byte[] bytes = form.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at < bytes.length; at += pieces) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + pieces));
            multipart.write(piece, piece.length);
        }
        Json json = new Json();
        multipart.end(json);
        return json.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void findsThePartsHoweverTheyAreCut(int pieces) throws RequestRefused {
        assertThat(partsOf(FORM, pieces))
                .contains("{\"name\":\"f\",\"file\":\"\\u00fc.txt\",\"type\":\"text/x\",\"size\":12,\"sha256\":\""
                        + "6e4c554eed322840fe144989e9709f27506535f8cd383aab2e70f6d0ea66d615\"}")
                .contains("{\"name\":\"empty\",\"type\":\"text/plain\",\"size\":0,\"sha256\":\"e3b0c442")
                .contains("{\"name\":\"\",\"type\":\"text/plain\",\"size\":2,")
                .isEqualTo(partsOf(FORM, FORM.length()));
    }

    @Test
    void digestsTheContentOnly() throws RequestRefused {
        assertThat(partsOf("--b\r\nContent-Disposition: form-data; name=x\r\n\r\nhello\r\n--b--", 4))
                .contains("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--b", "--b\r\nX: y\r\n\r\nabc", "--bb\r\n\r\n", "--b\r\nno field\r\n\r\n\r\n--b--"})
    void aBrokenFormIsRefused(String form) throws IOException {
        assertThat(exchange("POST /upload HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=\"b\"\r\n"
                        + "Content-Length: " + form.length() + "\r\n\r\n" + form))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void partsAndTheirHeadsAreBounded() throws IOException {
        String head = "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n";
        String many = "--b\r\n\r\n\r\n".repeat(Multipart.MAX_PARTS + 1) + "--b--";
        assertThat(exchange(head + "Content-Length: " + many.length() + "\r\n\r\n" + many))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("more than 1000 parts\n");
        String wide = "--b\r\nX: " + "a".repeat(10_000);
        assertThat(exchange(head + "Content-Length: " + wide.length() + "\r\n\r\n" + wide))
                .startsWith("HTTP/1.1 400 ");
    }
}
