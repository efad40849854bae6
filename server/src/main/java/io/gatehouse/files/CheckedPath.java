package io.gatehouse.files;

import io.gatehouse.exchange.FilePaths;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Set;

/**
 * Goes along a path from folder to folder and refuses links ({@code disable_symlinks}). Each step is made in the folder that
 * the last one opened (openat), so that nobody can exchange a folder behind the check.
 */
final class CheckedPath {
    private static final String CALL = "openat";

    private final boolean onlyForeign;

    private CheckedPath(boolean onlyForeign) {
        this.onlyForeign = onlyForeign;
    }

    /** @param unchecked how many characters of the path are taken as they are */
    static FileFacts look(String path, int unchecked, boolean onlyForeign) throws ErrnoException {
        OpenFile file = new CheckedPath(onlyForeign).walk(path, unchecked, false);
        return file.facts();
    }

    static OpenFile open(String path, int unchecked, boolean onlyForeign) throws ErrnoException {
        return new CheckedPath(onlyForeign).walk(path, unchecked, true);
    }

    private OpenFile walk(String path, int unchecked, boolean opens) throws ErrnoException {
        try {
            SecureDirectoryStream<Path> folder = begin(unchecked == 0 ? "/" : path.substring(0, unchecked));
            try {
                int at = unchecked;
                while (true) {
                    while (at < path.length() && path.charAt(at) == '/') {
                        at++;
                    }
                    int slash = path.indexOf('/', at);
                    if (slash < 0) {
                        break;
                    }
                    SecureDirectoryStream<Path> inner = enter(folder, FilePaths.path(path.substring(at, slash)));
                    folder.close();
                    folder = inner;
                    at = slash + 1;
                }
                if (at == path.length()) {
                    return new OpenFile(FileFacts.of(view(folder).readAttributes()), null);
                }
                return last(folder, FilePaths.path(path.substring(at)), opens);
            } finally {
                folder.close();
            }
        } catch (NotDirectoryException e) {
            throw new ErrnoException(CALL, Errno.ENOTDIR);
        } catch (InvalidPathException e) {
            throw new ErrnoException(CALL, Errno.ENOENT);
        } catch (IOException e) {
            throw ServedFiles.failure(CALL, e);
        }
    }

    @SuppressWarnings("StreamResourceLeak") // walk closes it
    private static SecureDirectoryStream<Path> begin(String path) throws IOException {
        return secure(Files.newDirectoryStream(FilePaths.path(path)));
    }

    private static SecureDirectoryStream<Path> secure(java.nio.file.DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new ErrnoException(CALL, Errno.EINVAL);
    }

    private SecureDirectoryStream<Path> enter(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        if (!onlyForeign) {
            return folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        }
        SecureDirectoryStream<Path> inner = folder.newDirectoryStream(name);
        try {
            PosixFileAttributeView link =
                    folder.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            PosixFileAttributeView target = inner.getFileAttributeView(PosixFileAttributeView.class);
            checkOwner(link, target);
            return inner;
        } catch (IOException e) {
            inner.close();
            throw e;
        }
    }

    private static void checkOwner(PosixFileAttributeView link, PosixFileAttributeView target) throws IOException {
        if (link.readAttributes().isSymbolicLink() && !link.getOwner().equals(target.getOwner())) {
            throw new ErrnoException(CALL, Errno.ELOOP);
        }
    }

    private OpenFile last(SecureDirectoryStream<Path> folder, Path name, boolean opens) throws IOException {
        PosixFileAttributeView itself =
                folder.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        BasicFileAttributes attributes = itself.readAttributes();
        boolean link = attributes.isSymbolicLink();
        if (link) {
            if (!onlyForeign) {
                throw new ErrnoException(CALL, Errno.ELOOP);
            }
            PosixFileAttributeView target = folder.getFileAttributeView(name, PosixFileAttributeView.class);
            checkOwner(itself, target);
            attributes = target.readAttributes();
        }
        FileFacts facts = FileFacts.of(attributes);
        if (!facts.isRegular() || !opens) {
            return new OpenFile(facts, null);
        }
        SeekableByteChannel channel = link
                ? folder.newByteChannel(name, Set.of(StandardOpenOption.READ))
                : folder.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        if (channel instanceof FileChannel file) {
            return new OpenFile(facts, file);
        }
        channel.close();
        throw new ErrnoException(CALL, Errno.EINVAL);
    }

    private static BasicFileAttributeView view(SecureDirectoryStream<Path> folder) {
        return folder.getFileAttributeView(BasicFileAttributeView.class);
    }
}
