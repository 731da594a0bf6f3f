package org.twinkeep.consent.durable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that only grows. {@link #append} returns once the bytes are durable; when it fails, what it may have written is
 * cut off again before the next append, so that nothing unacknowledged stands between acknowledged bytes.
 *
 * <p>It does not use channels: a thread that is interrupted must not close the file under the others.
 */
public final class AppendFile implements AutoCloseable {

    private final RandomAccessFile file;
    private long length;
    private boolean dirty;

    /** @param length how much of the file counts; what lies behind is cut off */
    public AppendFile(Path path, long length) throws IOException {
        if (!Files.exists(path)) {
            DurableFiles.replace(path, new byte[0]);
        }
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.length = length;
        this.dirty = file.length() != length;
    }

    public void append(byte[] bytes) throws IOException {
        cutWhatFailed();
        dirty = true;
        file.seek(length);
        file.write(bytes);
        file.getFD().sync();
        length += bytes.length;
        dirty = false;
    }

    private void cutWhatFailed() throws IOException {
        if (dirty) {
            file.setLength(length);
            file.getFD().sync();
            dirty = false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            cutWhatFailed();
        } finally {
            file.close();
        }
    }
}
