package io.gatehouse.config.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of one configuration: each is read once, whole, and kept. */
final class ConfigFiles {
    private final Limits limits;
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private long total;

    ConfigFiles(Limits limits) {
        this.limits = limits;
    }

    List<Source> sources() {
        return new ArrayList<>(sources.values());
    }

    /**
     * The file's text.
     *
     * @param includer the word that names the file, with the place nginx would tell; null for the first file
     */
    Source open(String name, @Nullable Node includer) {
        Source source = sources.get(name);
        if (source == null) {
            source = Source.file(name, read(name, includer));
            sources.put(name, source);
        }
        total += source.text().length();
        if (total > limits.totalSize()) {
            throw error(includer, "configuration is larger than " + limits.totalSize() + " bytes at \"" + name + "\"");
        }
        return source;
    }

    private String read(String name, @Nullable Node includer) {
        InputStream opened;
        try {
            opened = Files.newInputStream(Glob.path(name));
        } catch (IOException cause) {
            throw error(includer, "open() \"" + name + "\" failed (" + systemError(cause) + ")");
        }
        byte[] bytes;
        try (opened) {
            bytes = opened.readNBytes(limits.fileSize() + 1);
        } catch (IOException cause) {
            throw ConfigException.of("pread() \"" + name + "\" failed (" + systemError(cause) + ")");
        }
        if (bytes.length > limits.fileSize()) {
            throw error(includer, "configuration file \"" + name + "\" is larger than " + limits.fileSize() + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static ConfigException error(@Nullable Node includer, String message) {
        return includer == null
                ? ConfigException.of(message)
                : ConfigException.at(includer, includer.arguments().getFirst(), message);
    }

    /** The system's number and sentence, which Java tells in part only. */
    static String systemError(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "2: No such file or directory";
        }
        if (cause instanceof AccessDeniedException) {
            return "13: Permission denied";
        }
        String reason = cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
        if (reason == null) {
            return "5: Input/output error";
        }
        return switch (reason) {
            case "Not a directory" -> "20: Not a directory";
            case "Is a directory" -> "21: Is a directory";
            case "Too many open files" -> "24: Too many open files";
            case "File name too long" -> "36: File name too long";
            case "No such device or address" -> "6: No such device or address";
            default ->
                reason.startsWith("Too many levels of symbolic links")
                        ? "40: Too many levels of symbolic links"
                        : "5: " + reason;
        };
    }
}
