package org.twinkeep.consent.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.Organisation;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerUnavailable;

/** What is not carried over is refused before anything reaches a network. */
class CarryOverTest {

    /** Where nobody listens, with a certificate that is not there: whoever opens it fails. */
    private static final FabricAccess NOWHERE = new FabricAccess(
            "127.0.0.1:1", Path.of("none"), "CustodianMSP", Path.of("none"), Path.of("none"), "consents", "consents");

    @TempDir
    private Path folder;

    @Test
    void a_ledger_in_which_a_key_was_handed_over_is_refused_and_stays_as_it_was_and_the_refusal_says_what_to_do()
            throws Exception {
        var clock = new TestClock("2026-03-01T10:00:00Z");
        try (var ledger = EmbeddedLedger.open(folder, TestOrganisations.three(), Position.NONE, clock)) {
            ledger.handOver(Charter.OVERSIGHT, Organisation.here(TestOrganisations.key(9)));
        }
        var before = files();

        assertThatThrownBy(() -> CarryOver.run(NOWHERE, folder, TestOrganisations.CUSTODIAN::sign, _ -> {}))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContainingAll(
                        "signed with one key first and with its signer's later",
                        "Nothing was carried over",
                        "goes on with its own ledger",
                        "begin a new house on the network");
        assertThat(files()).isEqualTo(before);
    }

    private List<String> files() throws Exception {
        var all = new ArrayList<String>();
        try (var files = Files.list(folder)) {
            for (var file : files.sorted().toList()) {
                all.add(file.getFileName() + " " + Files.readString(file));
            }
        }
        return all;
    }
}
