package io.gatehouse.exchange;

import io.gatehouse.observe.log.ErrorLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the pipeline and the protocols themselves need of a location; nginx's core directives of the same names. Sizes
 * in bytes, times in milliseconds.
 *
 * @param clientMaxBodySize 0 for no limit
 * @param root null for the prefix's html
 * @param alias as {@code root}, in place of the location's prefix
 * @param aliased characters of a URI that {@code alias} takes the place of: the prefix where it was declared; -1 for all
 * @param errorPages in the order of declaration
 * @param types file extension in lower case to type
 * @param errorLogUri what stands for the request's URI in the error log; null for the URI itself
 * @param debugClients those whose every message goes to the error log
 * @param limitRate bytes per second, evaluated when the answer begins; null for none
 */
public record CoreSettings(
        long clientMaxBodySize,
        int clientBodyBufferSize,
        long clientBodyTimeout,
        Path clientBodyTempPath,
        BodyInFile clientBodyInFileOnly,
        long sendTimeout,
        long keepaliveTimeout,
        long keepaliveHeaderSeconds,
        long keepaliveMinTimeout,
        int keepaliveRequests,
        long keepaliveTime,
        Set<KeepaliveDisable> keepaliveDisable,
        LingeringClose lingeringClose,
        long lingeringTime,
        long lingeringTimeout,
        boolean resetTimedoutConnection,
        boolean tcpNodelay,
        ServerTokens serverTokens,
        boolean absoluteRedirect,
        boolean serverNameInRedirect,
        boolean portInRedirect,
        boolean internal,
        boolean satisfyAny,
        long authDelay,
        boolean chunkedTransferEncoding,
        List<ErrorPage> errorPages,
        boolean recursiveErrorPages,
        boolean logNotFound,
        boolean logSubrequest,
        boolean etag,
        IfModifiedSince ifModifiedSince,
        int maxRanges,
        Map<String, String> types,
        String defaultType,
        @Nullable Template root,
        @Nullable Template alias,
        int aliased,
        Path prefix,
        @Nullable Template limitRate,
        @Nullable Template limitRateAfter,
        ErrorLog errorLog,
        @Nullable Template errorLogUri,
        DebugClients debugClients) {

    /** {@code client_body_in_file_only}. */
    public enum BodyInFile {
        OFF,
        ON,
        CLEAN,
    }

    /** {@code keepalive_disable}. */
    public enum KeepaliveDisable {
        NONE,
        MSIE6,
        SAFARI,
    }

    /** {@code lingering_close}. */
    public enum LingeringClose {
        OFF,
        ON,
        ALWAYS,
    }

    /** {@code server_tokens}. */
    public enum ServerTokens {
        ON,
        OFF,
        BUILD,
    }

    /** {@code if_modified_since}. */
    public enum IfModifiedSince {
        OFF,
        EXACT,
        BEFORE,
    }

    /**
     * One status of an {@code error_page}.
     *
     * @param overwrite the status to answer with ({@code =200}); 0 to take the target's own ({@code =}), -1 to keep the error's
     * @param target a URI, {@code @named} or an absolute URL
     */
    public record ErrorPage(
            int status,
            int overwrite,
            Template target,
            @Nullable Template arguments) {}
}
