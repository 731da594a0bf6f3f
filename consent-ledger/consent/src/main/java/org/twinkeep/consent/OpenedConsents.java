package org.twinkeep.consent;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.decision.ConsentIndex;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.crypto.TwinId;

/** The openings of consents: kept beside the ledger, and in memory once they are read. */
final class OpenedConsents {

    private final ConsentLedger ledger;
    private final Openings openings;
    private final ConsentIndex index;
    private final SecureRandom random;

    private final Map<TwinId, List<OpenedConsent>> inMemory = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TwinId, List<OpenedConsent>> eldest) {
            return size() > Consents.TWINS_IN_MEMORY;
        }
    };
    private final AtomicLong forgotten = new AtomicLong();

    OpenedConsents(ConsentLedger ledger, Openings openings, ConsentIndex index, SecureRandom random) {
        this.ledger = ledger;
        this.openings = openings;
        this.index = index;
        this.random = random;
    }

    List<OpenedConsent> of(TwinId twin) {
        synchronized (inMemory) {
            var known = inMemory.get(twin);
            if (known != null) {
                return known;
            }
        }
        long before = forgotten.get();
        var read = openings.of(twin).stream()
                .map(opening -> OpenedConsent.of(twin, opening))
                .toList();
        synchronized (inMemory) {
            if (forgotten.get() == before) {
                inMemory.put(twin, read);
            }
        }
        return read;
    }

    /** Every opening, of whatever it is. */
    List<Opening> openings(TwinId twin) {
        return openings.of(twin);
    }

    Opening keep(TwinId twin, ConsentHandle handle, int step, byte[] bytes, @Nullable Certificate certificate) {
        var opening = new Opening(handle, step, randomBytes(), bytes, certificate);
        openings.keep(twin, opening);
        forget(twin);
        return opening;
    }

    ConsentHandle freshHandle() {
        return new ConsentHandle(Hex.of(randomBytes()));
    }

    void forget(TwinId twin) {
        forgotten.incrementAndGet();
        synchronized (inMemory) {
            inMemory.remove(twin);
        }
        index.forget(twin);
    }

    Instant grantedAt(ConsentRecord record) {
        return record.step() == 1 ? record.at() : ConsentRecord.grantedAt(ledger.historyOf(record.handle()));
    }

    static String commitment(Opening opening) {
        return Hex.of(FhirConsent.commitment(opening.salt(), opening.consent()));
    }

    private byte[] randomBytes() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }
}
