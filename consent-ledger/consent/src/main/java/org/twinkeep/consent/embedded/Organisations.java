package org.twinkeep.consent.embedded;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.embedded.Organisation.Answer;
import org.twinkeep.consent.embedded.Organisation.Draft;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * The organisations of an embedded ledger, which sign its blocks. Where all keys lie with one operator, that three sign does
 * not make it decentralised; a signer elsewhere keeps its own copy and signs no other history.
 *
 * @param channel the ledger's name, its own for each house: every signature binds it
 */
public record Organisations(String channel, Organisation custodian, Organisation provider, Organisation oversight) {

    /** All keys in the house. */
    public Organisations(String channel, SigningKey custodian, SigningKey provider, SigningKey oversight) {
        this(channel, Organisation.here(custodian), Organisation.here(provider), Organisation.here(oversight));
    }

    public Charter charter() {
        var keys = new TreeMap<String, VerifyingKey>();
        byName().forEach((name, organisation) -> keys.put(name, organisation.verifyingKey()));
        return Charter.of(channel, ConsentPolicy.VERSION, keys);
    }

    /** Where each of them has its key: the address of its signer, empty for the house. */
    SortedMap<String, String> where() {
        var where = new TreeMap<String, String>();
        byName().forEach((name, organisation) -> where.put(name, organisation.where()));
        return where;
    }

    /** Whether oversight's key lies where who has every file of the house does not have it. */
    boolean isOversightApart() {
        return !oversight.where().isEmpty();
    }

    /** An organisation signed another block of this number before. */
    static final class OtherPromised extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Block block;

        OtherPromised(Block block) {
            super("an organisation signed another block of this number");
            this.block = block;
        }

        Block block() {
            return block;
        }
    }

    /**
     * Has all of them sign, always in the order of their names: whoever comes later signs only what those before it signed, so
     * that no two blocks of one number are ever under way (decision 0309).
     *
     * @param before the lines of the blocks after a number
     * @throws OtherPromised when one signed another block of this number before
     * @throws LedgerUnavailable when one is out of reach or does not agree
     */
    Block sign(Block unsigned, LongFunction<List<byte[]>> before) {
        var block = unsigned;
        for (var each : byName().entrySet()) {
            var draft = new Draft(block.number(), block.header(), block.line(), before);
            switch (each.getValue().signBlock(draft)) {
                case Answer.Signed(var signature) -> {
                    if (!each.getValue().verifyingKey().verifies(draft.header(), signature)) {
                        throw new LedgerUnavailable(
                                each.getKey() + " did not sign the block that it was asked for.", null);
                    }
                    block = block.with(each.getKey(), signature);
                }
                case Answer.Promised(var line) -> throw new OtherPromised(Block.read(line));
            }
        }
        return block;
    }

    /**
     * Has a block signed that hands a key over: by who has the new one first, so that nobody is bound before.
     *
     * @throws OtherPromised when an organisation signed another block of this number before
     */
    Block handOver(Block unsigned, Organisation to, LongFunction<List<byte[]>> before) {
        var draft = new Draft(unsigned.number(), unsigned.header(), unsigned.line(), before);
        if (!(to.signBlock(draft) instanceof Answer.Signed(var signature))
                || !to.verifyingKey().verifies(draft.header(), signature)) {
            throw new LedgerUnavailable("The new signer did not sign the block that it was asked for.", null);
        }
        return sign(unsigned.with(Block.NEW_KEY, signature), before);
    }

    /** The same, with one of them reached otherwise. */
    public Organisations with(String name, Organisation other) {
        return new Organisations(
                channel,
                custodian,
                name.equals(Charter.PROVIDER) ? other : provider,
                name.equals(Charter.OVERSIGHT) ? other : oversight);
    }

    private SortedMap<String, Organisation> byName() {
        return new TreeMap<>(
                Map.of(Charter.CUSTODIAN, custodian, Charter.PROVIDER, provider, Charter.OVERSIGHT, oversight));
    }
}
