package org.twinkeep.consent.trail;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.crypto.sign.SigningKey;

/** A trail in a folder, with keys that are the same in every test; it can be opened again as after a restart. */
public final class ATrail {

    public static final String ORIGIN = "twinkeep.test/trail";
    public static final SigningKey KEY = TestOrganisations.key(77);
    public static final Looker ADA = new Looker("practitioner-ada", "Dr Ada Example", "Example Clinic", "clinician");
    public static final Position BLOCK_ONE = new Position(1, "11".repeat(32));

    public final Path folder;
    public final TestKeys keys;
    public final TestClock clock = new TestClock("2026-05-10T12:00:00Z");
    public final List<StreamHeads.Head> moved = new ArrayList<>();
    private final SecureRandom random = TestKeys.seeded(5);

    public ATrail(Path folder) {
        this.folder = folder;
        this.keys = TestKeys.seed(4);
    }

    public TileTrail open() {
        return open(clock);
    }

    public TileTrail open(Clock with) {
        return TileTrail.open(folder, ORIGIN, KEY, keys.ring(), keys.receipts, this::moved, with, random);
    }

    public TrailCheck check() {
        return TrailCheck.of(folder, ORIGIN, KEY.verifyingKey());
    }

    private StreamHeads.Moved moved(long position) {
        var since = moved.subList((int) position, moved.size());
        return new StreamHeads.Moved(moved.size(), List.copyOf(since));
    }

    public void moves(String stream, long sequence) {
        moved.add(new StreamHeads.Head(stream, sequence, "aa".repeat(32)));
    }

    public static Receipt look(Trail trail, TwinId twin) {
        return trail.permitted(twin, ADA, "TREAT", null, List.of("ab".repeat(32)), Set.of(Chapter.LABS), BLOCK_ONE);
    }
}
