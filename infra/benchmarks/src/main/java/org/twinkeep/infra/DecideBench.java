package org.twinkeep.infra;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Provenance;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Signers;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.decision.Ask;
import org.twinkeep.consent.decision.Code;
import org.twinkeep.consent.decision.CompiledConsents;
import org.twinkeep.consent.decision.ConsentIndex;
import org.twinkeep.consent.decision.Decision;
import org.twinkeep.consent.decision.Decisions;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.decision.Vocabulary;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * {@code bench decide}: 100,000 patients with 10 distinct consents each, and 1,000 with 100, in the product's index; then
 * requests, each asked once, drawn over all patients, half of them by somebody who was granted something. No verdict is
 * kept. {@code cold_first_us} is the first decision on a patient that is not in the index: their openings are in memory, so
 * what unsealing them takes is not in it. {@code nested} are R5 trees of depth 5, ten a patient, without an index.
 */
final class DecideBench {
    private static final int MANY = 100_000;
    private static final int WITH_MANY_CONSENTS = 1_000;
    private static final int NESTED = 5_000;
    private static final int REQUESTS = 200_000;
    private static final int GRANTEES = 20_000;
    private static final int COLD = 2_000;
    private static final int DEPTH = 5;

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant GRANTED_AT = Instant.parse("2026-01-01T12:00:00Z");
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final Chapter[] CHAPTERS = Chapter.values();
    private static final Purpose[] PURPOSES = Purpose.values();
    private static final String REASONS = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    private static final String CHAPTER_SYSTEM = "https://twinkeep.org/fhir/CodeSystem/chapter";
    private static final String LABELS = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final int PERCENT_50 = 50;
    private static final int PERCENT_99 = 99;

    private final Path scratch;

    DecideBench(Path scratch) {
        this.scratch = scratch;
    }

    BenchResult run() {
        var patients = new Patients();
        var vocabulary = new Vocabulary();
        var index = new ConsentIndex(
                patients,
                patients,
                Undelivered.in(scratch),
                Clock.fixed(NOW, ZONE),
                Duration.ofHours(1),
                MANY + WITH_MANY_CONSENTS,
                vocabulary,
                new Provenance(patients, Signers.PATIENTS_ONLY));
        for (int patient = 0; patient < MANY + WITH_MANY_CONSENTS; patient++) {
            index.of(twin(patient));
        }
        ask(index, new Random(1), 0, MANY);
        ask(index, new Random(2), MANY, WITH_MANY_CONSENTS);
        var ten = ask(index, new Random(3), 0, MANY);
        var hundred = ask(index, new Random(4), MANY, WITH_MANY_CONSENTS);
        var bytes = index.bytes();
        var cold = cold(index, patients);
        nested(5);
        var nested = nested(6);
        return new BenchResult(
                "decide",
                BenchResult.Machine.here(),
                List.of(
                        BenchResult.Figure.atMost("p50_us", percentile(ten, PERCENT_50), 5, "us"),
                        BenchResult.Figure.atMost("p99_us", percentile(ten, PERCENT_99), 50, "us"),
                        BenchResult.Figure.atMost("hundred_p50_us", percentile(hundred, PERCENT_50), 5, "us"),
                        BenchResult.Figure.atMost("hundred_p99_us", percentile(hundred, PERCENT_99), 50, "us"),
                        BenchResult.Figure.plain("nested_p50_us", percentile(nested, PERCENT_50), "us"),
                        BenchResult.Figure.plain("nested_p99_us", percentile(nested, PERCENT_99), "us"),
                        BenchResult.Figure.plain("cold_first_us", percentile(cold, PERCENT_50), "us"),
                        BenchResult.Figure.plain("index_mib", bytes / 1048576.0, "MiB"),
                        BenchResult.Figure.plain(
                                "index_bytes_a_consent",
                                (double) bytes / (10 * MANY + 100 * WITH_MANY_CONSENTS),
                                "bytes")));
    }

    // --- asking

    private record Request(TwinId twin, Ask ask, Item item) {}

    /** Nanoseconds of each decision, sorted. */
    private static long[] ask(ConsentIndex index, Random random, int first, int count) {
        var requests = IntStream.range(0, REQUESTS)
                .mapToObj(_ -> request(random, first + random.nextInt(count)))
                .toList();
        var took = new long[REQUESTS];
        int permitted = 0;
        for (int i = 0; i < REQUESTS; i++) {
            var request = requests.get(i);
            long before = System.nanoTime();
            var answered = index.decide(request.twin(), request.ask(), request.item(), Implicit.DENY);
            took[i] = System.nanoTime() - before;
            permitted += answered.decision().visible() ? 1 : 0;
        }
        return checked(took, permitted);
    }

    private static long[] cold(ConsentIndex index, Patients patients) {
        var random = new Random(7);
        var requests = IntStream.range(0, COLD)
                .mapToObj(_ -> request(random, random.nextInt(MANY)))
                .toList();
        requests.forEach(request -> patients.keepAtHand(request.twin()));
        var took = new long[COLD];
        for (int i = 0; i < COLD; i++) {
            var request = requests.get(i);
            index.forget(request.twin());
            long before = System.nanoTime();
            index.decide(request.twin(), request.ask(), request.item(), Implicit.DENY);
            took[i] = System.nanoTime() - before;
        }
        Arrays.sort(took);
        return took;
    }

    private static long[] nested(long seed) {
        var random = new Random(seed);
        var vocabulary = new Vocabulary();
        var patients = IntStream.range(0, NESTED)
                .mapToObj(patient -> nestedConsents(vocabulary, patient))
                .toList();
        var took = new long[REQUESTS];
        int permitted = 0;
        for (int i = 0; i < REQUESTS; i++) {
            int patient = random.nextInt(NESTED);
            var request = request(random, patient);
            var consents = patients.get(patient);
            long before = System.nanoTime();
            var decision = Decisions.decide(consents, request.ask(), request.item(), Implicit.DENY);
            took[i] = System.nanoTime() - before;
            permitted += decision.answer() == Decision.Answer.PERMIT ? 1 : 0;
        }
        return checked(took, permitted);
    }

    private static long[] checked(long[] took, int permitted) {
        if (permitted == 0 || permitted == took.length) {
            throw new IllegalStateException("Every request got the same answer: nothing was decided.");
        }
        Arrays.sort(took);
        return took;
    }

    private static double percentile(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e3;
    }

    private static Request request(Random random, int patient) {
        var granted = terms(patient, random.nextInt(consentsOf(patient)));
        boolean toThem = random.nextBoolean();
        var grantee = toThem ? granted.granteeId() : grantee(random.nextInt(GRANTEES));
        var purpose = toThem ? granted.purpose() : PURPOSES[random.nextInt(PURPOSES.length)];
        var ask = new Ask(
                Set.of(FhirConsent.GRANTEE_SYSTEM + "|" + grantee, "Organization/" + random.nextInt(1000)),
                Set.of(new Code("https://twinkeep.org/fhir/CodeSystem/role", "clinician")),
                new Code(REASONS, purpose.code()),
                Ask.ACCESS,
                NOW.plusSeconds(random.nextInt(1_000_000)));
        return new Request(twin(patient), ask, item(random));
    }

    private static Item item(Random random) {
        var day = LocalDate.of(2000, 1, 1).plusDays(random.nextInt(9500)).toString();
        return new Item(
                "Observation/" + random.nextInt(),
                "Observation",
                Set.of(),
                Set.of(new Code(CHAPTER_SYSTEM, CHAPTERS[random.nextInt(CHAPTERS.length)].code())),
                Set.of(new Code("http://loinc.org", random.nextInt(90_000) + "-1")),
                Set.of(new Code(LABELS, random.nextInt(10) == 0 ? "R" : "N")),
                day,
                day,
                Set.of("Practitioner/" + random.nextInt(1000)),
                "Encounter/" + random.nextInt(),
                Set.of(),
                Set.of(),
                GRANTED_AT.plusSeconds(random.nextInt(1_000_000)));
    }

    // --- patients and what they granted, made anew from their numbers

    private static int consentsOf(int patient) {
        return patient < MANY ? 10 : 100;
    }

    private static TwinId twin(int patient) {
        return new TwinId(new UUID(7, patient));
    }

    private static String grantee(int number) {
        return "practitioner-" + number;
    }

    private static Terms terms(int patient, int number) {
        var random = new SplittableRandom(1_000L * patient + number);
        var chapters = EnumSet.noneOf(Chapter.class);
        while (chapters.isEmpty()) {
            for (var chapter : CHAPTERS) {
                if (random.nextInt(3) > 0) {
                    chapters.add(chapter);
                }
            }
        }
        var since = LocalDate.of(2000, 1, 1).plusDays(random.nextInt(9000));
        var until = LocalDate.of(2026, 5, 1).plusDays(random.nextInt(1000));
        return new Terms(
                grantee(random.nextInt(GRANTEES)),
                "Dr " + number,
                "Clinic " + number,
                PURPOSES[random.nextInt(PURPOSES.length)],
                chapters,
                random.nextBoolean() ? new Period(since, null, ZONE) : null,
                random.nextBoolean(),
                new Period(null, until, ZONE));
    }

    private static ConsentHandle handle(int patient, int number) {
        var random = new SplittableRandom(31L * patient + 7_777_777L * (number + 1));
        var bytes = ByteBuffer.allocate(32);
        while (bytes.hasRemaining()) {
            bytes.putLong(random.nextLong());
        }
        return new ConsentHandle(HexFormat.of().formatHex(bytes.array()));
    }

    private static CompiledConsents nestedConsents(Vocabulary vocabulary, int patient) {
        var all = CompiledConsents.none(vocabulary);
        for (int number = 0; number < 10; number++) {
            var random = new SplittableRandom(1_000L * patient + number);
            var json = """
                    {"resourceType":"Consent","status":"active","decision":"deny",
                     "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
                     "provision":[%s]}
                    """.formatted(provision(random, terms(patient, number), DEPTH));
            all = all.with(Dialect.R5, json.getBytes(UTF_8), GRANTED_AT);
        }
        return all;
    }

    private static String provision(SplittableRandom random, Terms terms, int depth) {
        var own = depth == DEPTH
                ? """
                "actor":[{"reference":{"identifier":{"system":"%s","value":"%s"}}}],\
                "purpose":[{"system":"%s","code":"%s"}]""".formatted(
                                FhirConsent.GRANTEE_SYSTEM,
                                terms.granteeId(),
                                REASONS,
                                terms.purpose().code())
                : switch (random.nextInt(4)) {
                    case 0 -> "\"securityLabel\":[{\"system\":\"%s\",\"code\":\"R\"}]".formatted(LABELS);
                    case 1 ->
                        "\"dataPeriod\":{\"start\":\"%s\"}"
                                .formatted(LocalDate.of(2000, 1, 1).plusDays(random.nextInt(9000)));
                    case 2 ->
                        "\"documentType\":[{\"system\":\"%s\",\"code\":\"%s\"}]"
                                .formatted(CHAPTER_SYSTEM, CHAPTERS[random.nextInt(CHAPTERS.length)].code());
                    default ->
                        "\"code\":[{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"%d-1\"}]}]"
                                .formatted(random.nextInt(90_000));
                };
        if (depth == 1) {
            return "{" + own + "}";
        }
        var exceptions = new ArrayList<String>();
        for (int i = 0; i < 2; i++) {
            exceptions.add(provision(random, terms, depth - 1));
        }
        return "{" + own + ",\"provision\":[" + String.join(",", exceptions) + "]}";
    }

    /** A ledger and openings that are made from a patient's number when asked for, and take no memory that would count. */
    private static final class Patients implements ConsentLedger, Openings {
        private static final byte[] SALT = new byte[32];
        private static final VerifyingKey KEY = new VerifyingKey(new byte[32]);

        private final Map<TwinId, List<Opening>> atHand = new HashMap<>();
        private final Map<ConsentHandle, ConsentRecord> records = new HashMap<>();

        void keepAtHand(TwinId twin) {
            atHand.put(twin, made(twin));
        }

        @Override
        public List<Opening> of(TwinId twin) {
            var known = atHand.get(twin);
            if (known != null) {
                return known;
            }
            records.clear();
            return made(twin);
        }

        private List<Opening> made(TwinId twin) {
            int patient = (int) twin.value().getLeastSignificantBits();
            return IntStream.range(0, consentsOf(patient))
                    .mapToObj(number -> made(twin, patient, number))
                    .toList();
        }

        private Opening made(TwinId twin, int patient, int number) {
            var handle = handle(patient, number);
            var bytes = new FhirConsent(handle, twin, terms(patient, number), GRANTED_AT).bytes();
            records.put(
                    handle,
                    new ConsentRecord(
                            handle,
                            ConsentRecord.VERSION,
                            ConsentRecord.Kind.CONSENT,
                            1,
                            Status.ACTIVE,
                            HexFormat.of().formatHex(FhirConsent.commitment(SALT, bytes)),
                            KEY,
                            "1",
                            List.of(),
                            null,
                            ConsentRecord.NOTHING_BEFORE,
                            GRANTED_AT));
            return new Opening(handle, 1, SALT, bytes);
        }

        @Override
        public Optional<ConsentRecord> get(ConsentHandle handle) {
            return Optional.ofNullable(records.get(handle));
        }

        @Override
        public List<ConsentRecord> historyOf(ConsentHandle handle) {
            return get(handle).stream().toList();
        }

        @Override
        public boolean wasRevoked(ConsentHandle handle) {
            return false;
        }

        @Override
        public Optional<ConsentRecord> asOf(ConsentHandle handle, long block) {
            return get(handle);
        }

        @Override
        public List<ConsentRecord> recordedBy(long block) {
            return List.of();
        }

        @Override
        public Position head() {
            return Position.NONE;
        }

        @Override
        public void follow(long afterBlock, Consumer<Position> eachBlock) {}

        @Override
        public void keep(TwinId twin, Opening opening) {
            throw new UnsupportedOperationException("nothing is granted while measuring");
        }

        @Override
        public Charter charter() {
            throw new UnsupportedOperationException("nothing is granted while measuring");
        }

        @Override
        public Position submit(Transaction transaction) {
            throw new UnsupportedOperationException("nothing is granted while measuring");
        }

        @Override
        public void close() {}
    }
}
