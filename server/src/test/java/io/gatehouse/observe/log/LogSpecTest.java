package io.gatehouse.observe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSpecTest {
    @Test
    void readsErrorLog() throws Exception {
        assertThat(ErrorLogSpec.parse(List.of("logs/error.log")))
                .isEqualTo(new ErrorLogSpec(new LogTarget.File("logs/error.log"), Level.ERROR));
        assertThat(ErrorLogSpec.parse(List.of("stderr", "debug")))
                .isEqualTo(new ErrorLogSpec(new LogTarget.Stderr(), Level.DEBUG));
        assertThat(ErrorLogSpec.parse(List.of("memory:32m", "debug")).target())
                .isEqualTo(new LogTarget.Memory(32 << 20));
        assertThat(ErrorLogSpec.parse(List.of("e.log", "debug_http", "debug_event"))
                        .level())
                .isEqualTo(Level.DEBUG);
        assertThat(ErrorLogSpec.parse(List.of("syslog:server=[::1]:5514,nohostname", "warn"))
                        .target())
                .isEqualTo(new LogTarget.Syslog(
                        new SyslogSpec(new SyslogSpec.Udp("[::1]:5514", "::1", 5514), 23, Level.INFO, "nginx", true)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            delimiter = '|',
            value = {
                "e.log loud              | invalid log level \"loud\"",
                "e.log info warn         | duplicate log level \"warn\"",
                "e.log info debug_http   | invalid log level \"debug_http\"",
                "e.log debug_http info   | duplicate log level \"info\"",
                "memory:1k               | invalid buffer size \"1k\"",
                "memory:x                | invalid buffer size \"x\"",
                "syslog:                 | unknown syslog parameter \"\"",
                "syslog:tag=a            | no syslog server specified",
                "syslog:server=a,server=b | duplicate syslog \"server\"",
                "syslog:server=a,facility=x | unknown syslog facility \"x\"",
                "syslog:server=a,severity=err | unknown syslog severity \"err\"",
                "syslog:server=a,tag=a-b | syslog \"tag\" only allows alphanumeric characters and underscore",
                "syslog:server=a,tag=123456789012345678901234567890123 | syslog tag length exceeds 32",
                "syslog:server=a:0       | invalid port in syslog server \"a:0\"",
                "syslog:server=a/b       | invalid host in syslog server \"a/b\"",
                "syslog:server=          | no host in syslog server \"\"",
                "syslog:server=[::x]     | invalid IPv6 address in syslog server \"[::x]\"",
                "syslog:server=[::1      | invalid host in syslog server \"[::1\"",
                "syslog:server=unix:     | no path in the unix domain socket in syslog server \"unix:\"",
                "syslog:server=a,what    | unknown syslog parameter \"what\"",
            })
    void saysWhatIsWrongWithErrorLog(String arguments, String message) {
        assertThatThrownBy(() -> ErrorLogSpec.parse(List.of(arguments.split(" "))))
                .isInstanceOf(InvalidLogArgument.class)
                .hasMessage(message);
    }

    @Test
    void readsAccessLog() throws Exception {
        assertThat(AccessLogSpec.parse(List.of("off")).off()).isTrue();
        assertThat(AccessLogSpec.parse(List.of("a.log")))
                .isEqualTo(new AccessLogSpec(new LogTarget.File("a.log"), "combined", 0, 0, 0, null));
        assertThat(AccessLogSpec.parse(List.of("a.log", "main", "buffer=32k", "flush=1m30s", "gzip=9", "if=$loggable")))
                .isEqualTo(new AccessLogSpec(new LogTarget.File("a.log"), "main", 32 << 10, 90_000, 9, "$loggable"));
        assertThat(AccessLogSpec.parse(List.of("a.log", "main", "gzip", "flush=250ms")))
                .isEqualTo(new AccessLogSpec(new LogTarget.File("a.log"), "main", 64 << 10, 250, 1, null));
        assertThat(AccessLogSpec.parse(List.of("syslog:severity=alert,server=unix:/dev/log", "main"))
                        .target())
                .isEqualTo(new LogTarget.Syslog(new SyslogSpec(
                        new SyslogSpec.Unix("unix:/dev/log", "/dev/log"), 23, Level.ALERT, "nginx", false)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            delimiter = '|',
            value = {
                "off main              | invalid parameter \"main\"",
                "a.log main buffer=x   | invalid buffer size \"x\"",
                "a.log main buffer=0   | invalid buffer size \"0\"",
                "a.log main flush=1x   | invalid flush time \"1x\"",
                "a.log main gzip=10    | invalid compression level \"10\"",
                "a.log main flush=1s   | no buffer is defined for access_log \"a.log\"",
                "$host main buffer=4k  | buffered logs cannot have variables in name",
                "syslog:server=a main buffer=4k | logs to syslog cannot be buffered",
                "a.log main colour=red | invalid parameter \"colour=red\"",
            })
    void saysWhatIsWrongWithAccessLog(String arguments, String message) {
        assertThatThrownBy(() -> AccessLogSpec.parse(List.of(arguments.split(" "))))
                .isInstanceOf(InvalidLogArgument.class)
                .hasMessage(message);
    }
}
