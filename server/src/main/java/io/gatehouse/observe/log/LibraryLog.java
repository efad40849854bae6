package io.gatehouse.observe.log;

import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Where libraries say what they have to say: Netty's warnings, and what is graver, go to standard error, a line each. Others'
 * troubles come as exceptions, and are told by whoever used them. Named in {@code jvm.options}. From any thread.
 *
 * <p>The JDK's own logging would do, but it has every library opened in search of others, a tenth of a start.
 */
public final class LibraryLog implements SLF4JServiceProvider, ILoggerFactory {
    private static final String NETTY = "io.netty.";

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();
    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();

    @Override
    public void initialize() {}

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0";
    }

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, Named::new);
    }

    private static final class Named extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        private final boolean heard;

        Named(String name) {
            this.name = name;
            this.heard = name.startsWith(NETTY);
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return heard;
        }

        @Override
        public boolean isErrorEnabled() {
            return heard;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        @SuppressWarnings("SystemOut") // there is no other place before there is a configuration
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                @Nullable String format,
                @Nullable Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            String message = MessageFormatter.basicArrayFormat(format, arguments);
            System.err.println("gatehouse: [" + level.name().toLowerCase(Locale.ROOT) + "] " + message
                    + (thrown == null ? "" : " (" + thrown + ")"));
        }
    }
}
