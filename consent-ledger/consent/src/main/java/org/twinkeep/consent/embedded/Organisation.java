package org.twinkeep.consent.embedded;

import java.util.List;
import java.util.function.LongFunction;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * One organisation of an embedded ledger, as the house that writes the ledger reaches it: its key lies in the house, or with
 * a signer of that organisation.
 *
 * <p>Guarantee: a signer elsewhere signs one block of each number, ever. Failure: {@link LedgerUnavailable} where it is out of
 * reach or does not agree.
 */
public interface Organisation {

    VerifyingKey verifyingKey();

    /** Signs an act of its own. @throws LedgerRefused where it is none */
    byte[] signAct(byte[] act);

    Answer signBlock(Draft draft);

    /**
     * Brings what a signer elsewhere has not seen complete, before it is asked for the next block.
     *
     * @param blocksAfter the lines of the blocks after a number
     */
    default void bringUpToDate(LongFunction<List<byte[]>> blocksAfter) {}

    /** The address of the signer that has its key; empty where the key lies in the house. */
    default String where() {
        return "";
    }

    /**
     * A block that is to be signed.
     *
     * @param header what is signed
     * @param line the block, with the signatures that it has so far
     * @param before the lines of the blocks after the given number and before this one
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Draft(long number, byte[] header, byte[] line, LongFunction<List<byte[]>> before) {}

    /** What an organisation answers. */
    @SuppressWarnings("ArrayRecordComponent")
    sealed interface Answer {
        /** Its signature over the header. */
        record Signed(byte[] signature) implements Answer {}

        /** Another block of that number, which it signed before: it signs no second one. */
        record Promised(byte[] line) implements Answer {}
    }

    /** One whose key lies in the house: it signs what the house says. */
    static Organisation here(SigningKey key) {
        return new Organisation() {
            @Override
            public VerifyingKey verifyingKey() {
                return key.verifyingKey();
            }

            @Override
            public byte[] signAct(byte[] act) {
                return key.sign(act);
            }

            @Override
            public Answer signBlock(Draft draft) {
                return new Answer.Signed(key.sign(draft.header()));
            }
        };
    }
}
