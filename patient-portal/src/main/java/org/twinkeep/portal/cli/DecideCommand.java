package org.twinkeep.portal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.OtherConsent.Counts;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.reading.Judge.Then;
import org.twinkeep.projections.reading.Thing;
import org.twinkeep.twin.EntryId;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code decide}: may somebody see something of a twin, now or on a day of the past? */
@Command(
        name = "decide",
        description =
                "Say whether somebody may see a twin, a chapter or an entry of it: the answer of the pages, now or of"
                        + " the past, with its reason. The patient sees who asked, when and why.")
final class DecideCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Option(
            names = "--who",
            required = true,
            paramLabel = "ACCOUNT",
            description = "Sign-in name or id of who would look.")
    private String who = "";

    @Option(names = "--purpose", required = true, paramLabel = "CODE", description = "Why: TREAT, ETREAT, HPAYMT, ...")
    private String purpose = "";

    @Option(names = "--twin", required = true, paramLabel = "TWIN", description = "Whose.")
    private @Nullable TwinId twin;

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "WORDS",
            description = "Why you ask; the patient reads it among who looked.")
    private String reason = "";

    @ArgGroup
    private What what = new What();

    @ArgGroup
    private When when = new When();

    static final class What {
        @Option(names = "--chapter", paramLabel = "CODE", description = "Whatever stands in this chapter.")
        private @Nullable String chapter;

        @Option(names = "--entry", paramLabel = "ENTRY", description = "This entry.")
        private @Nullable String entry;
    }

    static final class When {
        @Option(
                names = "--at",
                paramLabel = "TIME",
                description = "On a day (its end, in this machine's zone) or at an instant of the past.")
        private @Nullable String at;

        @Option(names = "--block", paramLabel = "N", description = "When this was the ledger's last block.")
        private @Nullable Long block;
    }

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(cli);
        var whose = Objects.requireNonNull(twin);
        if (reason.isBlank()) {
            throw new WrongUse("Say why, for the patient to read: --reason \"...\"");
        }
        var why = Purpose.ofCode(purpose)
                .orElseThrow(() -> new WrongUse("That is no purpose of use that is known here."));
        var thing = thing();
        try (var house = line.open("decide")) {
            var document = when.at == null && when.block == null
                    ? now(house, looker(house), why, whose, thing)
                    : then(house, looker(house), why, whose, thing);
            line.answer(document, d -> d, DecideCommand::words);
            return Exit.DONE;
        }
    }

    /** As the pages show it, with all that they carry out. */
    private Map<String, Object> now(House house, Looker whom, Purpose why, TwinId whose, Thing thing) {
        var opinion = house.judge().reach(whom, why, whose, Door.CARRIES_OUT).on(thing);
        var leaf = house.judge().tell(Cli.operator(), opinion, reason.strip());
        var refused = opinion.refused();
        var document = new LinkedHashMap<String, Object>();
        document.put("permitted", opinion.permitted());
        document.put("code", refused == null ? "PERMITTED" : refused.name());
        document.put("reason", refused == null ? "the patient shares this" : refused.plain());
        document.put("consents", opinion.consents());
        document.put("proofs", proofs(house, whose, opinion.consents()));
        document.put("endedByOthers", endedByOthers(house, whose));
        document.put("implicit", opinion.implicit().code());
        document.put(
                "obligations",
                opinion.obligations().stream().map(Enum::name).sorted().toList());
        document.put("ledger", position(opinion.asOf()));
        document.put("leaf", leaf);
        return document;
    }

    /** Of each consent, how it is proved to be the patient's. */
    private static Map<String, String> proofs(House house, TwinId whose, List<String> consents) {
        var proofs = new LinkedHashMap<String, String>();
        for (var consent : house.consents().of(whose)) {
            var handle = consent.handle();
            if (consents.contains(handle.value())) {
                var proof = house.consents().proof(whose, handle);
                proofs.put(handle.value(), proof.name() + ": " + proof.inWords());
            }
        }
        return proofs;
    }

    /** Consents that somebody else than the patient ended: what they deny holds still. */
    private static Map<String, String> endedByOthers(House house, TwinId whose) {
        var ended = new LinkedHashMap<String, String>();
        for (var other : house.consents().others(whose)) {
            if (other.counts() == Counts.DENIES_STILL) {
                ended.put(
                        other.handle().value(),
                        "an organisation ended it, not the patient: what it denies holds, what it permits does not");
            }
        }
        return ended;
    }

    private Map<String, Object> then(House house, Looker whom, Purpose why, TwinId whose, Thing thing) {
        var blocks = new Blocks(house.ledger());
        var block = when.block == null ? blocks.lastBy(instant()) : blocks.of(when.block);
        var at = when.block == null
                ? instant()
                : blocks.timeOf(block, house.clock().instant());
        var leaf = house.judge().tellPast(Cli.operator(), whom, why, whose, thing, at, reason.strip());
        var document = new LinkedHashMap<String, Object>();
        switch (house.judge().then(whom, why, whose, thing, at, block)) {
            case Then.Again(boolean permitted, var consents, var implicit, byte[] bytes) -> {
                document.put("permitted", permitted);
                document.put("code", permitted ? "PERMITTED" : "NOT_COVERED");
                document.put(
                        "reason",
                        permitted ? "the patient shared this" : "no consent covered this then, or one denied it");
                document.put("consents", consents);
                document.put("implicit", implicit.code());
                document.put("decision", new String(bytes, UTF_8));
            }
            case Then.Erased _ -> {
                document.put("permitted", false);
                document.put("code", "ERASED");
                document.put("reason", "what the consents said was erased with the twin");
            }
            case Then.NoSuchEntry _ -> {
                document.put("permitted", false);
                document.put("code", "NO_SUCH_ENTRY");
                document.put("reason", "there is no such entry now");
            }
        }
        document.put("at", at.toString());
        document.put("ledger", position(block));
        document.put("leaf", leaf);
        return document;
    }

    private static Map<String, Object> position(Position position) {
        return Map.of("block", position.block(), "hash", position.hash());
    }

    private Instant instant() {
        var text = Objects.requireNonNull(when.at);
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text)
                            .plusDays(1)
                            .atStartOfDay(ZoneId.systemDefault())
                            .toInstant()
                            .minusMillis(1);
        } catch (DateTimeException e) {
            throw new WrongUse("A time looks like 2026-03-03 or 2026-03-03T08:00:00Z.");
        }
    }

    private Thing thing() {
        if (what.chapter != null) {
            return Chapter.ofCode(what.chapter)
                    .<Thing>map(Thing.OfChapter::new)
                    .orElseThrow(() -> new WrongUse("There is no such chapter."));
        }
        if (what.entry != null) {
            try {
                return new Thing.OfEntry(new EntryId(what.entry));
            } catch (IllegalArgumentException e) {
                throw new WrongUse("An entry's id is 32 hexadecimal digits.");
            }
        }
        return new Thing.WholeTwin();
    }

    private Looker looker(House house) {
        return AccountCommand.find(house.accounts(), who).looker();
    }

    private static String words(Map<String, Object> document) {
        var words = new ArrayList<String>();
        words.add((Boolean.TRUE.equals(document.get("permitted")) ? "PERMITTED" : "DENIED") + ": "
                + document.get("reason"));
        document.forEach((name, value) -> {
            if (!List.of("permitted", "reason", "code").contains(name)) {
                words.add("  " + name + ": " + value);
            }
        });
        return String.join(System.lineSeparator(), words);
    }

    /** The ledger's blocks by number and by time. */
    private static final class Blocks {
        private final ConsentLedger ledger;
        private final List<Position> all = new ArrayList<>();

        Blocks(ConsentLedger ledger) {
            this.ledger = ledger;
            ledger.follow(-1, all::add);
        }

        Position of(long number) {
            return all.stream()
                    .filter(block -> block.block() == number)
                    .findFirst()
                    .orElseThrow(() -> new HouseRefused("The ledger has no such block."));
        }

        /** The last one that had recorded nothing later. */
        Position lastBy(Instant at) {
            for (var block : all.reversed()) {
                if (ledger.recordedBy(block.block()).stream()
                        .noneMatch(record -> record.at().isAfter(at))) {
                    return block;
                }
            }
            return of(0);
        }

        /** When the last of its records was made. */
        Instant timeOf(Position block, Instant otherwise) {
            return ledger.recordedBy(block.block()).stream()
                    .map(ConsentRecord::at)
                    .max(Instant::compareTo)
                    .orElse(otherwise);
        }
    }
}
