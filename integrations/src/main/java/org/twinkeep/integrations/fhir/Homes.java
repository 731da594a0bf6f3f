package org.twinkeep.integrations.fhir;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.integrations.fhir.PatientHere.Identifier;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.Identities.Known;
import org.twinkeep.twin.TwinCommand.CreateTwin;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.Twins;

/** Finds the twin that a patient of a file means, or makes a new one; what is not certain is refused. */
final class Homes {
    /** A twin to record in, and what its source is called; or why there is none. */
    sealed interface Home {
        record Found(TwinId twin, String source) implements Home {}

        /** @param erased whether the person's twin was erased, so that what is refused counts as left out */
        record None(String why, boolean erased) implements Home {}
    }

    private static final String OF_NAMED_SOURCE = "urn:twinkeep:source:";

    private final Twins twins;
    private final TwinHistory history;
    private final Identities identities;
    private final InstantSource clock;
    private final Supplier<UUID> random;
    private final FhirImport.Options options;
    private final Object making;

    /** @param making held while a twin is looked for and made, so that imports at the same time make one */
    Homes(
            Twins twins,
            TwinHistory history,
            Identities identities,
            InstantSource clock,
            Supplier<UUID> random,
            FhirImport.Options options,
            Object making) {
        this.making = making;
        this.twins = twins;
        this.history = history;
        this.identities = identities;
        this.clock = clock;
        this.random = random;
        this.options = options;
    }

    /** The twin, made and linked where it is new. */
    Home of(PatientHere patient, String localName, boolean only) {
        synchronized (making) {
            return foundOrMade(patient, localName, only);
        }
    }

    private Home foundOrMade(PatientHere patient, String localName, boolean only) {
        var identity = identity(patient, localName);
        var found = find(patient, identity, only);
        if (found instanceof Home.Found(var twin, var source)) {
            var linked = link(twin, identity, patient.numbersOfState());
            if (!history.exists(linked)) {
                twins.create(new CreateTwin(linked, clock.instant(), options.by()));
            }
            return new Home.Found(linked, source);
        }
        return found;
    }

    /** Who is meant by a patient's name where the file does not hold the patient. */
    Optional<PatientHere> elsewhere(String name, @Nullable String onlyStranger) {
        var known = Reference.conditional(name.replaceFirst("^Patient\\?", "Patient?identifier="))
                .flatMap(c -> living(new Identifier(c.system(), c.value())).map(t -> known(t, c.system())));
        if (known.isPresent()) {
            return known;
        }
        if (options.source() != null) {
            var twin = living(named(options.source(), name));
            if (twin.isPresent()) {
                return Optional.of(known(twin.get(), options.source()));
            }
        }
        return name.equals(onlyStranger) && options.twin() != null && options.source() != null
                ? Optional.of(known(options.twin(), options.source()))
                : Optional.empty();
    }

    private PatientHere known(TwinId twin, String source) {
        var named = options.source();
        return new PatientHere("the patient", List.of(), List.of(), named == null ? source : named, twin);
    }

    private Home find(PatientHere patient, List<Identifier> identity, boolean only) {
        var source = patient.source();
        if (source == null) {
            return new Home.None(
                    "has no identifier that names its source: say what the source is called (--source)", false);
        }
        if (patient.twin() != null) {
            return new Home.Found(patient.twin(), source);
        }
        var living = new HashSet<TwinId>();
        boolean gone = false;
        for (var each : identity) {
            switch (identities.find(each.system(), each.value()).orElse(null)) {
                case Known.Living(var twin) -> living.add(twin);
                case Known.Gone() -> gone = true;
                case null -> {}
            }
        }
        if (options.twin() != null) {
            return named(options.twin(), living, source, only);
        }
        if (living.size() == 1) {
            return new Home.Found(living.iterator().next(), source);
        }
        if (living.size() > 1) {
            return new Home.None("has identifiers of more than one twin: say which one is meant (--twin)", false);
        }
        if (gone || anyErased(patient.numbersOfState())) {
            return new Home.None(
                    "is a person whose twin was erased, and an import does not bring it back. If that is wanted, make a new"
                            + " twin by importing other records of the person, and name it here (--twin)",
                    true);
        }
        if (identity.isEmpty()) {
            return new Home.None(
                    "has no identifier to be known by again: name the twin (--twin) or the source (--source)", false);
        }
        return new Home.Found(new TwinId(random.get()), source);
    }

    private Home named(TwinId twin, HashSet<TwinId> living, String source, boolean only) {
        if (!only) {
            return new Home.None("is one of several patients in the file, and --twin can mean only one of them", false);
        }
        if (!history.exists(twin)) {
            return new Home.None("cannot go to the twin named by --twin: there is no such twin", false);
        }
        living.remove(twin);
        return living.isEmpty()
                ? new Home.Found(twin, source)
                : new Home.None("is known as another twin than the one named by --twin", false);
    }

    private boolean anyErased(List<Identifier> numbers) {
        return numbers.stream()
                .anyMatch(n -> identities.find(n.system(), n.value()).orElse(null) instanceof Known.Gone);
    }

    /** Links first and makes the twin then: after a crash between the two, the next import finds the link. */
    private TwinId link(TwinId twin, List<Identifier> identity, List<Identifier> numbersOfState) {
        var linked = twin;
        for (var each : identity) {
            if (living(each).isEmpty() && !tryLink(each, linked)) {
                linked = options.twin() == null ? living(each).orElse(linked) : linked;
            }
        }
        for (var each : numbersOfState) {
            if (identities.find(each.system(), each.value()).isEmpty()) {
                tryLink(each, linked);
            }
        }
        return linked;
    }

    /** @return false when another import was faster, or the identifier is an erased twin's */
    private boolean tryLink(Identifier identifier, TwinId twin) {
        try {
            identities.link(identifier.system(), identifier.value(), twin);
            return true;
        } catch (TwinRefused e) {
            return false;
        }
    }

    private Optional<TwinId> living(Identifier identifier) {
        return identities.find(identifier.system(), identifier.value()).orElse(null) instanceof Known.Living(var twin)
                ? Optional.of(twin)
                : Optional.empty();
    }

    /** Without any identifier a patient is known by its id, within a source that the user named. */
    private List<Identifier> identity(PatientHere patient, String localName) {
        var source = options.source();
        return patient.identity().isEmpty() && source != null
                ? new ArrayList<>(List.of(named(source, localName)))
                : patient.identity();
    }

    private static Identifier named(String source, String localName) {
        return new Identifier(OF_NAMED_SOURCE + source, localName);
    }
}
