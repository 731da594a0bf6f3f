package org.twinkeep.consent.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.ledger.ConsentLedger.Position;

/**
 * Those who follow a ledger: each hears of every block in order. One that fails undoes nothing and hears of the same block
 * again when the next one comes. The ledger lets one thread in at a time.
 */
public final class Followers {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);

    private final Supplier<Position> head;
    private final LongFunction<Position> at;
    private final List<Follower> all = new ArrayList<>();

    /** @param at the position of a block by its number */
    public Followers(Supplier<Position> head, LongFunction<Position> at) {
        this.head = head;
        this.at = at;
    }

    /** Tells the new one of every block after the given one at once. */
    public void add(long afterBlock, Consumer<Position> eachBlock) {
        var follower = new Follower(afterBlock + 1, eachBlock);
        all.add(follower);
        follower.catchUp();
    }

    /** Tells all of them of the blocks that they have not heard of. */
    public void catchUp() {
        all.forEach(Follower::catchUp);
    }

    private final class Follower {
        private final Consumer<Position> eachBlock;
        private long next;

        Follower(long next, Consumer<Position> eachBlock) {
            this.next = Math.max(0, next);
            this.eachBlock = eachBlock;
        }

        void catchUp() {
            try {
                for (; next <= head.get().block(); next++) {
                    eachBlock.accept(at.apply(next));
                }
            } catch (RuntimeException e) {
                LOG.warn("A follower of the ledger could not take block {}: {}", next, e.getMessage());
            }
        }
    }
}
