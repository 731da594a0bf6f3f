package org.twinkeep.projections.reading;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.projections.clinic.Confidentiality;
import org.twinkeep.projections.clinic.Labels;
import org.twinkeep.projections.timeline.Profile;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.projections.timeline.When;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;

/**
 * The form of a view before it is sealed ({@code docs/formats/views.md}): blocks of about 256 KiB, the first of which begins
 * with the version of the form and the fingerprint of what the view was built from.
 */
final class ViewBytes {

    /** Raised when the form, or what rows say, changes: an older view is then built anew. */
    static final int VERSION = 3;

    private static final int BLOCK_BYTES = 256 * 1024;

    /** Of its numbers and lengths alone. */
    private static final int LEAST_OF_A_ROW = 64;

    private static final String MALFORMED = "A view cannot be read.";

    private ViewBytes() {}

    static List<byte[]> blocks(Whole whole, byte[] fingerprint) {
        try {
            var blocks = new ArrayList<byte[]>();
            var bytes = new ByteArrayOutputStream();
            var out = new DataOutputStream(bytes);
            out.writeInt(VERSION);
            out.writeInt(fingerprint.length);
            out.write(fingerprint);
            var profile = whole.profile();
            string(out, profile.name());
            string(out, profile.birthDate());
            string(out, profile.sex());
            string(out, profile.deceased());
            out.writeInt(whole.entries().size());
            for (var kept : whole.entries()) {
                kept(out, kept);
                if (bytes.size() >= BLOCK_BYTES) {
                    blocks.add(bytes.toByteArray());
                    bytes.reset();
                }
            }
            blocks.add(bytes.toByteArray());
            return blocks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The view, or nothing when it was built from something else or in another form.
     *
     * @throws Tampered when it is no view at all; no number in it makes it take more memory than its bytes warrant
     */
    static Optional<Whole> read(List<byte[]> blocks, byte[] fingerprint) {
        var all = new ByteArrayOutputStream();
        blocks.forEach(all::writeBytes);
        try (var in = new DataInputStream(new ByteArrayInputStream(all.toByteArray()))) {
            if (in.readInt() != VERSION || !Arrays.equals(bytes(in), fingerprint)) {
                return Optional.empty();
            }
            var profile = new Profile(present(string(in)), string(in), string(in), string(in));
            var count = count(in, LEAST_OF_A_ROW);
            var entries = new ArrayList<Kept>(count);
            for (var i = 0; i < count; i++) {
                entries.add(kept(in));
            }
            if (in.available() > 0) {
                throw new Tampered(MALFORMED);
            }
            return Optional.of(new Whole(profile, List.copyOf(entries)));
        } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new Tampered(MALFORMED);
        }
    }

    private static void kept(DataOutputStream out, Kept kept) throws IOException {
        var row = kept.row();
        string(out, row.entry().value());
        out.writeByte(row.chapter().number());
        chapters(out, row.touches());
        instant(out, row.when().from());
        instant(out, row.when().to());
        string(out, row.when().written());
        instant(out, row.recordedAt());
        string(out, row.kind());
        string(out, row.title());
        string(out, row.value());
        strings(out, row.remarks());
        strings(out, row.marks());
        string(out, row.source());
        var visit = row.visit();
        string(out, visit == null ? null : visit.value());
        out.writeBoolean(row.disputed());
        out.writeBoolean(row.withdrawn());
        out.writeInt(row.versions());
        string(out, row.terms());
        string(out, kept.type());
        labels(out, kept.labels());
        strings(out, kept.asked().stream().map(Obligation::name).toList());
        moments(out, kept.versions());
        moments(out, kept.statements());
        strings(out, kept.refersTo().stream().map(EntryId::value).toList());
        ints(out, kept.keys());
        ints(out, kept.ownKeys());
    }

    private static Kept kept(DataInputStream in) throws IOException {
        var entry = new EntryId(present(string(in)));
        var chapter = chapter(in.readByte());
        var touches = chapters(in);
        var when = new When(instant(in), instant(in), string(in));
        var recordedAt = instant(in);
        if (recordedAt == null) {
            throw new Tampered(MALFORMED);
        }
        var kind = present(string(in));
        var title = present(string(in));
        var value = string(in);
        var remarks = strings(in);
        var marks = strings(in);
        var source = present(string(in));
        var visit = string(in);
        var row = new Row(
                entry,
                chapter,
                touches,
                when,
                recordedAt,
                kind,
                title,
                value,
                remarks,
                marks,
                source,
                visit == null ? null : new EntryId(visit),
                in.readBoolean(),
                in.readBoolean(),
                in.readInt(),
                present(string(in)));
        var type = present(string(in));
        var labels = labels(in);
        var asked = EnumSet.noneOf(Obligation.class);
        strings(in).forEach(name -> asked.add(Obligation.valueOf(name)));
        var versions = moments(in);
        var statements = moments(in);
        var refersTo = new LinkedHashSet<EntryId>();
        strings(in).forEach(id -> refersTo.add(new EntryId(id)));
        return new Kept(row, type, labels, asked, versions, statements, refersTo, ints(in), ints(in));
    }

    private static void labels(DataOutputStream out, Labels labels) throws IOException {
        string(out, labels.level().name());
        out.writeInt(labels.sensitivity().size());
        for (var label : labels.sensitivity().entrySet()) {
            string(out, label.getKey());
            strings(out, label.getValue().stream().map(Labels.Basis::name).toList());
        }
    }

    private static Labels labels(DataInputStream in) throws IOException {
        var level = Confidentiality.valueOf(present(string(in)));
        var sensitivity = new TreeMap<String, Set<Labels.Basis>>();
        for (var left = count(in, 2 * Integer.BYTES); left > 0; left--) {
            var label = present(string(in));
            var bases = EnumSet.noneOf(Labels.Basis.class);
            strings(in).forEach(basis -> bases.add(Labels.Basis.valueOf(basis)));
            sensitivity.put(label, bases);
        }
        return new Labels(level, sensitivity);
    }

    private static void string(DataOutputStream out, @Nullable String string) throws IOException {
        if (string == null) {
            out.writeInt(-1);
            return;
        }
        var bytes = string.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable String string(DataInputStream in) throws IOException {
        var length = in.readInt();
        if (length > in.available()) {
            throw new Tampered(MALFORMED);
        }
        return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** @param least bytes that each of them takes */
    private static int count(DataInputStream in, int least) throws IOException {
        var count = in.readInt();
        if (count < 0 || count > in.available() / least) {
            throw new Tampered(MALFORMED);
        }
        return count;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(count(in, 1));
    }

    private static String present(@Nullable String string) {
        if (string == null) {
            throw new Tampered(MALFORMED);
        }
        return string;
    }

    private static void strings(DataOutputStream out, List<String> strings) throws IOException {
        out.writeInt(strings.size());
        for (var string : strings) {
            string(out, string);
        }
    }

    private static List<String> strings(DataInputStream in) throws IOException {
        var count = count(in, Integer.BYTES);
        if (count == 0) {
            return List.of();
        }
        var strings = new ArrayList<String>(count);
        for (var i = 0; i < count; i++) {
            strings.add(present(string(in)));
        }
        return List.copyOf(strings);
    }

    private static void instant(DataOutputStream out, @Nullable Instant instant) throws IOException {
        out.writeBoolean(instant != null);
        if (instant != null) {
            out.writeLong(instant.getEpochSecond());
            out.writeInt(instant.getNano());
        }
    }

    private static @Nullable Instant instant(DataInputStream in) throws IOException {
        return in.readBoolean() ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : null;
    }

    private static void chapters(DataOutputStream out, Set<Chapter> chapters) throws IOException {
        var bits = 0;
        for (var chapter : chapters) {
            bits |= 1 << chapter.number();
        }
        out.writeInt(bits);
    }

    private static Set<Chapter> chapters(DataInputStream in) throws IOException {
        var bits = in.readInt();
        var chapters = EnumSet.noneOf(Chapter.class);
        for (var chapter : Chapter.values()) {
            if ((bits & (1 << chapter.number())) != 0) {
                chapters.add(chapter);
            }
        }
        return Set.copyOf(chapters);
    }

    private static Chapter chapter(int number) {
        for (var chapter : Chapter.values()) {
            if (chapter.number() == number) {
                return chapter;
            }
        }
        throw new Tampered(MALFORMED);
    }

    private static void moments(DataOutputStream out, List<Moment> moments) throws IOException {
        out.writeInt(moments.size());
        for (var moment : moments) {
            out.writeLong(moment.sequence());
            instant(out, moment.at());
            string(out, moment.by().name());
            out.writeInt(moment.hash().length);
            out.write(moment.hash());
        }
    }

    private static List<Moment> moments(DataInputStream in) throws IOException {
        var count = count(in, Long.BYTES + 2 * Integer.BYTES);
        var moments = new ArrayList<Moment>(count);
        for (var i = 0; i < count; i++) {
            var sequence = in.readLong();
            var at = instant(in);
            if (at == null) {
                throw new Tampered(MALFORMED);
            }
            moments.add(new Moment(sequence, at, Actor.Kind.valueOf(present(string(in))), bytes(in)));
        }
        return List.copyOf(moments);
    }

    private static void ints(DataOutputStream out, int[] ints) throws IOException {
        out.writeInt(ints.length);
        for (var each : ints) {
            out.writeInt(each);
        }
    }

    private static int[] ints(DataInputStream in) throws IOException {
        var ints = new int[count(in, Integer.BYTES)];
        for (var i = 0; i < ints.length; i++) {
            ints[i] = in.readInt();
        }
        return ints;
    }
}
