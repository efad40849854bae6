package io.gatehouse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.unix.Errors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void textsAreTheCLibrarys() {
        assertThat(Errno.text(111)).isEqualTo("111: Connection refused");
        assertThat(Errno.text(Errno.EMFILE)).isEqualTo("24: Too many open files");
        assertThat(Errno.text(9999)).isEqualTo("9999: Unknown error 9999");
    }

    @Test
    void everyWayOfSayingItIsUnderstood() {
        assertThat(Errno.text(Errors.newIOException("bind", -98))).isEqualTo("98: Address already in use");
        assertThat(Errno.text(new ConnectException("connect(..) failed with error(-13): Permission denied")))
                .isEqualTo("13: Permission denied");
        assertThat(Errno.text(new ConnectException("Connection refused"))).isEqualTo("111: Connection refused");
        assertThat(Errno.text(new SocketException("Connection reset"))).isEqualTo("104: Connection reset by peer");
        assertThat(Errno.text(new IOException("Broken pipe"))).isEqualTo("32: Broken pipe");
        assertThat(Errno.text(new NoRouteToHostException("No route to host"))).isEqualTo("113: No route to host");
        assertThat(Errno.text(new NoRouteToHostException())).isEqualTo("113: No route to host");
        assertThat(Errno.text(new FileNotFoundException())).isEqualTo("2: No such file or directory");
        assertThat(Errno.text(new AccessDeniedException("x"))).isEqualTo("13: Permission denied");
    }

    @Test
    void whatHasNoNumberKeepsItsWords() {
        assertThat(Errno.text(new IOException("something else"))).isEqualTo("something else");
        assertThat(Errno.number(new IOException())).isZero();
    }
}
