package io.gatehouse.conformance;

import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.DebugClients;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.HeaderFilter;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.protocol.http2.Http2Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of a location and its server, with nginx's defaults, to be changed by a test. */
public final class Place {
    public long clientMaxBodySize = 1 << 20;
    public long clientBodyTimeout = 60_000;
    public long sendTimeout = 60_000;
    public long keepaliveTimeout = 75_000;
    public long keepaliveHeaderSeconds;
    public long keepaliveMinTimeout;
    public int keepaliveRequests = 1000;
    public long keepaliveTime = 3_600_000;
    public Set<CoreSettings.KeepaliveDisable> keepaliveDisable = Set.of(CoreSettings.KeepaliveDisable.MSIE6);
    public CoreSettings.LingeringClose lingeringClose = CoreSettings.LingeringClose.ON;
    public long lingeringTime = 30_000;
    public long lingeringTimeout = 5_000;
    public boolean resetTimedoutConnection;
    public CoreSettings.ServerTokens serverTokens = CoreSettings.ServerTokens.ON;
    public boolean absoluteRedirect = true;
    public boolean serverNameInRedirect;
    public boolean portInRedirect = true;
    public boolean chunkedTransferEncoding = true;

    public @Nullable Template limitRate;

    public @Nullable Template limitRateAfter;

    public int clientHeaderBufferSize = 1024;
    public int largeClientHeaderBuffers = 4;
    public int largeClientHeaderBufferSize = 8192;
    public long clientHeaderTimeout = 60_000;
    public int maxHeaders = 1000;
    public boolean ignoreInvalidHeaders = true;
    public boolean underscoresInHeaders;
    public boolean mergeSlashes = true;

    /** Null where HTTP/2 is not spoken. */
    public @Nullable Http2Settings http2;

    public CoreSettings core(ErrorLog log) {
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
                0,
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
                0,
                Path.of("/nowhere"),
                limitRate,
                limitRateAfter,
                log,
                null,
                DebugClients.NONE);
    }

    public ServerSettings server() {
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
    public static Location location(CoreSettings core, String name, Handler content, Handler log) {
        return location(core, null, name, content, log);
    }

    /** As {@link #location(CoreSettings, String, Handler, Handler)}, for HTTP/2 too. */
    public static Location location(
            CoreSettings core, @Nullable Http2Settings http2, String name, Handler content, Handler log) {
        Handler[] none = {};
        @Nullable Object[] settings = new @Nullable Object[http2 == null ? 0 : SettingsKey.count()];
        if (http2 != null) {
            settings[Http2Settings.KEY.index()] = http2;
        }
        return new Location(
                name.isEmpty() ? Location.Kind.SERVER : Location.Kind.PREFIX,
                name,
                core,
                settings,
                none,
                none,
                none,
                none,
                new Handler[] {content},
                true,
                new HeaderFilter[0],
                new Handler[] {log},
                false,
                false);
    }
}
