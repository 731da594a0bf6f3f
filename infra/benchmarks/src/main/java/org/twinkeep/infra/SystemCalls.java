package org.twinkeep.infra;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one process asked of the disk, in order, as strace saw it: every write with its bytes, and every sync. Two calls of
 * different threads that overlapped stand where they began; a sync stands where it ended, and covers what began before it
 * did.
 */
final class SystemCalls {

    /** One call upon files of the watched folder, or a line of the process's standard output. */
    sealed interface Call {
        record Write(int file, long at, byte[] bytes) implements Call {}

        record Truncate(int file, long length) implements Call {}

        /** @param since how many calls there were when it began */
        record Sync(int file, int since) implements Call {}

        record Create(Path path, int file) implements Call {}

        record Folder(Path path) implements Call {}

        record Rename(Path from, Path to) implements Call {}

        record Link(Path from, Path to) implements Call {}

        record Unlink(Path path) implements Call {}

        record SyncFolder(Path path, int since) implements Call {}

        record Said(String line) implements Call {}
    }

    private static final String TRACED =
            "openat,close,lseek,write,pwrite64,writev,pwritev,ftruncate,fallocate,fsync,fdatasync,"
                    + "clone,clone3,fork,vfork,rename,renameat,renameat2,unlink,unlinkat,link,linkat,mkdir,mkdirat,rmdir,dup,dup2,dup3,copy_file_range,sendfile";

    private static final Pattern LINE = Pattern.compile("(\\d+) +(\\w+)\\((.*)\\) += (-?\\d+).*", Pattern.DOTALL);
    private static final Pattern BEGUN =
            Pattern.compile("(\\d+) +(\\w+)\\((.*?),? <unfinished \\.\\.\\.>", Pattern.DOTALL);
    private static final Pattern ENDED =
            Pattern.compile("(\\d+) +<\\.\\.\\. (\\w+) resumed>(.*)\\) += (-?\\d+).*", Pattern.DOTALL);

    private static final Pattern THREAD = Pattern.compile("(\\d+) +clone3?\\(.*CLONE_THREAD.*\\) += (\\d+)");
    private static final Pattern THREAD_BEGUN =
            Pattern.compile("\\d+ +clone3?\\(.*CLONE_THREAD.* <unfinished \\.\\.\\.>");
    private static final Pattern CLONED = Pattern.compile("(\\d+) +<\\.\\.\\. clone3? resumed>.*\\) += (\\d+)");

    private final Path folder;
    private final List<Call> calls = new ArrayList<>();
    private final Map<Integer, Open> descriptors = new HashMap<>();
    private final Map<Path, Integer> names = new HashMap<>();
    private final Map<Integer, Long> lengths = new HashMap<>();
    private final StringBuilder said = new StringBuilder();
    private int files;

    private static final class Open {
        final int file;
        final Path path;
        final boolean appends;
        long position;

        Open(int file, Path path, boolean appends) {
            this.file = file;
            this.path = path;
            this.appends = appends;
        }
    }

    private record Begun(String call, String arguments, int since) {}

    private SystemCalls(Path folder) {
        this.folder = folder;
    }

    /** Goes before a command so that what it asks of the disk is written to the file. */
    static List<String> traced(Path trace) {
        return List.of(
                "strace",
                "-f",
                "-q",
                "-xx",
                "-s",
                "4000000",
                "-e",
                "signal=none",
                "-e",
                "trace=" + TRACED,
                "-o",
                trace.toString());
    }

    /** @param known the files that were in the folder before, and their lengths; in this order they get the numbers from 0 on */
    static List<Call> read(Path trace, Path folder, SequencedMap<Path, Long> known) throws IOException {
        var reading = new SystemCalls(folder);
        known.forEach((path, length) -> {
            reading.lengths.put(reading.files, length);
            reading.names.put(path, reading.files++);
        });
        var threads = threads(trace);
        var begun = new HashMap<String, Begun>();
        each(trace, line -> {
            if (threads.contains(line.substring(0, line.indexOf(' ')))) {
                reading.take(line, begun);
            }
        });
        return List.copyOf(reading.calls);
    }

    private static void each(Path trace, Consumer<String> line) throws IOException {
        try (var lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
            lines.forEach(line);
        }
    }

    /** The threads of the first process: another that it starts has files of its own. */
    private static Set<String> threads(Path trace) throws IOException {
        var parents = new LinkedHashMap<String, String>();
        var starting = new HashSet<String>();
        var first = new ArrayList<String>();
        each(trace, line -> {
            var thread = line.substring(0, line.indexOf(' '));
            if (first.isEmpty()) {
                first.add(thread);
            }
            var started = THREAD.matcher(line);
            if (started.matches()) {
                parents.put(started.group(2), thread);
            } else if (THREAD_BEGUN.matcher(line).matches()) {
                starting.add(thread);
            } else {
                var ended = CLONED.matcher(line);
                if (ended.matches() && starting.remove(thread)) {
                    parents.put(ended.group(2), thread);
                }
            }
        });
        var threads = new HashSet<>(first);
        while (parents.entrySet().stream().anyMatch(e -> threads.contains(e.getValue()) && threads.add(e.getKey()))) {
            // Until no thread of a thread is left.
        }
        return threads;
    }

    private void take(String line, Map<String, Begun> begun) {
        Matcher m = BEGUN.matcher(line);
        if (m.matches()) {
            var started = new Begun(m.group(2), m.group(3), calls.size());
            begun.put(m.group(1), started);
            return;
        }
        m = ENDED.matcher(line);
        if (m.matches()) {
            var started = begun.remove(m.group(1));
            if (started != null) {
                call(started.call(), started.arguments() + m.group(3), Long.parseLong(m.group(4)), started.since());
            }
            return;
        }
        m = LINE.matcher(line);
        if (m.matches()) {
            call(m.group(2), m.group(3), Long.parseLong(m.group(4)), calls.size());
        }
    }

    private void call(String name, String all, long result, int since) {
        if (result < 0) {
            return;
        }
        var arguments = all.split(", ", -1);
        switch (name) {
            case "openat" -> open(path(arguments[1]), arguments[2], (int) result);
            case "close" -> descriptors.remove(Integer.parseInt(arguments[0]));
            case "dup", "dup2", "dup3" -> {
                var open = descriptors.get(Integer.parseInt(arguments[0]));
                if (open != null) {
                    descriptors.put((int) result, open);
                }
            }
            case "lseek" -> of(arguments).ifPresent(open -> open.position = result);
            case "write" -> written(arguments, result);
            case "pwrite64" ->
                of(arguments)
                        .ifPresent(open -> wrote(open.file, Long.parseLong(arguments[3]), bytes(arguments[1], result)));
            case "ftruncate" -> of(arguments).ifPresent(open -> truncated(open.file, Long.parseLong(arguments[1])));
            case "fsync", "fdatasync" ->
                of(arguments)
                        .ifPresent(open -> calls.add(
                                open.file < 0
                                        ? new Call.SyncFolder(open.path, since)
                                        : new Call.Sync(open.file, since)));
            case "rename" -> renamed(path(arguments[0]), path(arguments[1]));
            case "renameat", "renameat2" -> renamed(path(arguments[1]), path(arguments[3]));
            case "link" -> linked(path(arguments[0]), path(arguments[1]));
            case "linkat" -> linked(path(arguments[1]), path(arguments[3]));
            case "unlink", "rmdir" -> unlinked(path(arguments[0]));
            case "unlinkat" -> unlinked(path(arguments[1]));
            case "mkdir" -> made(path(arguments[0]));
            case "mkdirat" -> made(path(arguments[1]));
            case "clone", "clone3", "fork", "vfork" -> {}
            default -> {
                if (of(arguments).isPresent()) {
                    throw new IllegalStateException("a call upon the folder that is not simulated: " + name);
                }
            }
        }
    }

    private Optional<Open> of(String[] arguments) {
        return Optional.ofNullable(descriptors.get(Integer.parseInt(arguments[0])));
    }

    private void open(Path path, String flags, int descriptor) {
        descriptors.remove(descriptor);
        if (!path.startsWith(folder) || path.toString().endsWith("-shm")) {
            return;
        }
        if (Files.isDirectory(path)) {
            descriptors.put(descriptor, new Open(-1, path, false));
            return;
        }
        var file = names.get(path);
        if (file == null) {
            if (!flags.contains("O_CREAT")) {
                descriptors.put(descriptor, new Open(-1, path, false));
                return;
            }
            file = files++;
            names.put(path, file);
            calls.add(new Call.Create(path, file));
        } else if (flags.contains("O_TRUNC")) {
            truncated(file, 0);
        }
        descriptors.put(descriptor, new Open(file, path, flags.contains("O_APPEND")));
    }

    private void written(String[] arguments, long result) {
        if (arguments[0].equals("1")) {
            said.append(new String(bytes(arguments[1], result), StandardCharsets.UTF_8));
            for (int end = said.indexOf("\n"); end >= 0; end = said.indexOf("\n")) {
                calls.add(new Call.Said(said.substring(0, end)));
                said.delete(0, end + 1);
            }
            return;
        }
        of(arguments).ifPresent(open -> {
            long at = open.appends ? lengths.getOrDefault(open.file, 0L) : open.position;
            wrote(open.file, at, bytes(arguments[1], result));
            open.position = at + result;
        });
    }

    private void wrote(int file, long at, byte[] bytes) {
        lengths.merge(file, at + bytes.length, Math::max);
        calls.add(new Call.Write(file, at, bytes));
    }

    private void truncated(int file, long length) {
        lengths.put(file, length);
        calls.add(new Call.Truncate(file, length));
    }

    private void renamed(Path from, Path to) {
        if (to.startsWith(folder)) {
            var file = names.remove(from);
            if (file != null) {
                names.put(to, file);
            }
            calls.add(new Call.Rename(from, to));
        }
    }

    private void linked(Path from, Path to) {
        if (to.startsWith(folder)) {
            var file = names.get(from);
            if (file != null) {
                names.put(to, file);
            }
            calls.add(new Call.Link(from, to));
        }
    }

    private void unlinked(Path path) {
        if (path.startsWith(folder)) {
            names.remove(path);
            calls.add(new Call.Unlink(path));
        }
    }

    private void made(Path path) {
        if (path.startsWith(folder)) {
            calls.add(new Call.Folder(path));
        }
    }

    private static Path path(String quoted) {
        return Path.of(new String(bytes(quoted, -1), StandardCharsets.UTF_8));
    }

    /** strace -xx writes each byte as \xHH. */
    private static byte[] bytes(String quoted, long expected) {
        var bytes = new byte[(quoted.length() - 2) / 4];
        for (int i = 0; i < bytes.length; i++) {
            int digit = 1 + 4 * i + 2;
            bytes[i] = (byte)
                    (Character.digit(quoted.charAt(digit), 16) << 4 | Character.digit(quoted.charAt(digit + 1), 16));
        }
        if (expected > bytes.length) {
            throw new IllegalStateException("strace did not write all bytes");
        }
        return expected < 0 || expected == bytes.length ? bytes : Arrays.copyOf(bytes, (int) expected);
    }
}
