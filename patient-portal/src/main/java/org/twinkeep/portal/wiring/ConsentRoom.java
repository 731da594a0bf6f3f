package org.twinkeep.portal.wiring;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Provenance;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.delegation.DelegateSigners;
import org.twinkeep.consent.embedded.Organisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.TileTrail;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.consent.witness.WitnessedLedger;
import org.twinkeep.consent.witness.Witnessing;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.notices.Clockwork;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.ErasureLedger;
import org.twinkeep.twin.erasure.ErasureReceipt;
import org.twinkeep.twin.erasure.Sweep;

/**
 * The trail, the ledger that it remembers, and the consents on it.
 *
 * @param witness lets the ledger bear witness of the trail and of erasures
 */
record ConsentRoom(Trail trail, ConsentLedger ledger, LifeOpenings openings, Consents consents, Clockwork.Task witness)
        implements Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(ConsentRoom.class);

    /** The trail comes first: it knows how far the ledger was. */
    static ConsentRoom open(
            DataFolder folder, KeyRoom keys, TwinRoom twins, Clock clock, SecureRandom random, Closing closing) {
        var files = files(folder, keys, twins, clock, random, closing);
        return of(files, keys, twins, Undelivered.in(folder.ledger()), clock, random);
    }

    /** The room of one of several servers, whose trail and ledger are kept by whoever keeps them. */
    static ConsentRoom among(
            Keeping keeping, KeyRoom keys, TwinRoom twins, Path ownFolder, Clock clock, SecureRandom random) {
        var files = new Keeping.Files(keeping.trail(), keeping.ledger(), keeping::witness);
        return of(files, keys, twins, Undelivered.in(ownFolder), clock, random);
    }

    /** The trail and the ledger in the folder, for the one process that may open them. */
    static Keeping.Files files(
            DataFolder folder, KeyRoom keys, TwinRoom twins, Clock clock, SecureRandom random, Closing closing) {
        var paper = keys.paper();
        var trail = closing.keep(TileTrail.open(
                folder.trail(),
                paper.trailOrigin(),
                keys.trailKey(),
                keys.ring(),
                keys.receipts(),
                twins.heads(),
                clock,
                random));
        var organisations = new Organisations(
                paper.tenant(),
                keys.organisation(Charter.CUSTODIAN),
                keys.organisation(Charter.PROVIDER),
                keys.organisation(Charter.OVERSIGHT));
        var remembered = trail.remembersLedger();
        var custodian = keys.custodian();
        Supplier<Set<String>> receipts =
                () -> ErasureLedger.receipts(folder.erasures(), custodian.verifyingKey()).stream()
                        .map(ErasureReceipt::hash)
                        .collect(Collectors.toUnmodifiableSet());
        var ledger = closing.keep(WitnessedLedger.over(
                paper.ledger().open(folder, organisations, remembered, clock), folder.ledger(), receipts));
        ledger.follow(remembered.block(), trail::ledgerAdvanced);
        requireCertificates(ledger, keys);
        var witnessing = new Witnessing(trail, ledger, folder.ledger(), receipts, custodian::sign);
        return new Keeping.Files(trail, ledger, witnessing::beat);
    }

    /** A ledger that is away is asked at the next start; that all may read what it knew goes first. */
    private static void requireCertificates(ConsentLedger ledger, KeyRoom keys) {
        try {
            Provenance.require(ledger, keys.bothOrganisations());
        } catch (LedgerUnavailable e) {
            LOG.warn("The ledger does not say yet that grants need certificates ({})", e.getMessage());
        }
    }

    private static ConsentRoom of(
            Keeping.Files files,
            KeyRoom keys,
            TwinRoom twins,
            Undelivered undelivered,
            Clock clock,
            SecureRandom random) {
        var ledger = files.ledger();
        var openings = new LifeOpenings(twins.twins(), twins.history(), files.trail(), ledger::head, clock);
        var consents = new Consents(
                ledger,
                openings,
                undelivered,
                clock,
                random,
                new DelegateSigners(ledger, openings, Customs.chosen().ages()),
                keys.bothOrganisations());
        return new ConsentRoom(files.trail(), ledger, openings, consents, files.witness());
    }

    /** Another server granted or ended something: what is in memory of openings is read anew, what waits is delivered. */
    void otherBlock() {
        openings.inMemory().forEach(consents::forget);
        consents.deliver();
    }

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        // Consents speak of chapters, never of an entry.
    }

    @Override
    public void twinErased(TwinId twin) {
        openings.forget(twin);
        consents.forget(twin);
    }
}
