package io.gatehouse.conformance;

import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.HeaderFilter;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.ErrorLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of a location and its server, with nginx's defaults, to be changed by a test. */
final class Place {
    long clientMaxBodySize = 1 << 20;
    long clientBodyTimeout = 60_000;
    long sendTimeout = 60_000;
    long keepaliveTimeout = 75_000;
    long keepaliveHeaderSeconds;
    long keepaliveMinTimeout;
    int keepaliveRequests = 1000;
    long keepaliveTime = 3_600_000;
    Set<CoreSettings.KeepaliveDisable> keepaliveDisable = Set.of(CoreSettings.KeepaliveDisable.MSIE6);
    CoreSettings.LingeringClose lingeringClose = CoreSettings.LingeringClose.ON;
    long lingeringTime = 30_000;
    long lingeringTimeout = 5_000;
    boolean resetTimedoutConnection;
    CoreSettings.ServerTokens serverTokens = CoreSettings.ServerTokens.ON;
    boolean absoluteRedirect = true;
    boolean serverNameInRedirect;
    boolean portInRedirect = true;
    boolean chunkedTransferEncoding = true;

    @Nullable
    Template limitRate;

    @Nullable
    Template limitRateAfter;

    int clientHeaderBufferSize = 1024;
    int largeClientHeaderBuffers = 4;
    int largeClientHeaderBufferSize = 8192;
    long clientHeaderTimeout = 60_000;
    int maxHeaders = 1000;
    boolean ignoreInvalidHeaders = true;
    boolean underscoresInHeaders;
    boolean mergeSlashes = true;

    CoreSettings core(ErrorLog log) {
        return new CoreSettings(
                clientMaxBodySize,
                16 * 1024,
                clientBodyTimeout,
                Path.of("/nowhere"),
                CoreSettings.BodyInFile.OFF,
                sendTimeout,
                keepaliveTimeout,
                keepaliveHeaderSeconds,
                keepaliveMinTimeout,
                keepaliveRequests,
                keepaliveTime,
                keepaliveDisable,
                lingeringClose,
                lingeringTime,
                lingeringTimeout,
                resetTimedoutConnection,
                true,
                serverTokens,
                absoluteRedirect,
                serverNameInRedirect,
                portInRedirect,
                false,
                false,
                chunkedTransferEncoding,
                List.of(),
                false,
                true,
                false,
                true,
                CoreSettings.IfModifiedSince.EXACT,
                Integer.MAX_VALUE,
                Map.of(),
                "text/plain",
                null,
                null,
                Path.of("/nowhere"),
                limitRate,
                limitRateAfter,
                log);
    }

    ServerSettings server() {
        return new ServerSettings(
                clientHeaderBufferSize,
                largeClientHeaderBuffers,
                largeClientHeaderBufferSize,
                clientHeaderTimeout,
                maxHeaders,
                ignoreInvalidHeaders,
                underscoresInHeaders,
                mergeSlashes);
    }

    /** A location of these settings. */
    static Location location(CoreSettings core, String name, Handler content, Handler log) {
        Handler[] none = {};
        return new Location(
                name.isEmpty() ? Location.Kind.SERVER : Location.Kind.PREFIX,
                name,
                core,
                new Object[0],
                none,
                none,
                none,
                none,
                new Handler[] {content},
                new HeaderFilter[0],
                new Handler[] {log},
                false,
                false);
    }
}
