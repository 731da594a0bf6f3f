package org.twinkeep.portal.tour;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Secret;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.integrations.fhir.ImportReport;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.twin.Actor;

/** The tour's own house, its key file beside it, and copies of it to break. */
final class TourFolder implements AutoCloseable {
    private final Path scratch;
    private final Path data;
    private final Path kek;
    private final long began = System.currentTimeMillis();
    private @Nullable House house;
    private @Nullable Opened patient;

    TourFolder(Path scratch) {
        this.scratch = scratch;
        this.data = scratch.resolve("data");
        this.kek = scratch.resolve("tour.kek");
    }

    Path data() {
        return data;
    }

    Path kek() {
        return kek;
    }

    /** A place for files of a step. */
    Path scratch(String name) {
        try {
            return Files.createDirectories(scratch.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where this process puts its temporary files; the launcher gives the tour a folder of its own. */
    Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Whether a temporary file came since the tour began, and is none of its own records and copies. */
    boolean madeDuringTour(Path file) {
        return !file.startsWith(scratch) && file.toFile().lastModified() >= began && Files.isReadable(file);
    }

    /** The account of the hand-written person, signed in; made when it is first asked for. */
    Opened patient() {
        if (patient == null) {
            var person = new Person("Ottilie", "", ZoneOffset.UTC, Locale.ENGLISH);
            patient = house().accounts()
                    .open(
                            Role.PATIENT,
                            "tour-patient",
                            person,
                            TourPerson.twin(house()),
                            "ottilie keeps her own twin".toCharArray());
        }
        return patient;
    }

    /** The patient's seed, which signs. */
    Secret seed() {
        return Objects.requireNonNull(patient().seed());
    }

    House house() {
        if (house == null) {
            house = open(data, kek);
        }
        return house;
    }

    /** Gives the open house to somebody who closes it; the next {@link #house()} opens it anew. */
    House handOver() {
        var handed = house();
        house = null;
        return handed;
    }

    /** Closes the house; the next {@link #house()} opens it anew. */
    void closeHouse() {
        if (house != null) {
            house.close();
            house = null;
        }
    }

    static House open(Path data, Path kek) {
        return House.open(new DataFolder(data), keyFile(kek), "tour", Clock.systemUTC());
    }

    static Kek keyFile(Path kek) {
        return new Kek(
                kek,
                false,
                _ -> {
                    throw new IllegalStateException("the tour's house opens with a key file");
                },
                _ -> {});
    }

    ImportReport take(Path file) {
        return house().fhirImport()
                .run(
                        List.of(file),
                        new FhirImport.Options(null, null, new Actor(Actor.Kind.OPERATOR, "operator:tour")),
                        (_, _, _) -> {});
    }

    /** A copy of the closed house, for breaking. */
    Path copy(String name) {
        closeHouse();
        var to = scratch.resolve(name);
        copy(data, to);
        return to;
    }

    static void copy(Path from, Path to) {
        try (var all = Files.walk(from)) {
            for (var path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void sweep(Path folder) {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeHouse();
        if (patient != null) {
            seed().close();
        }
    }
}
