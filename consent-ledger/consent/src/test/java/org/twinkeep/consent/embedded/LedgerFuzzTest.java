package org.twinkeep.consent.embedded;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;

/** Whatever stands in the ledger's file is a block or refused with words. The seeds are run by every build. */
class LedgerFuzzTest {

    @FuzzTest
    void a_line_is_a_block_or_refused(byte[] line) {
        try {
            Block.read(line);
        } catch (NotCanonical refused) {
            // That is the answer to anything else.
        }
    }

    @FuzzTest
    void bytes_are_a_consent_that_is_understood_or_none(byte[] bytes) {
        FhirConsent.read(bytes);
    }
}
