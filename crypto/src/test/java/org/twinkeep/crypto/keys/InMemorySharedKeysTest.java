package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.ReceiptAuthority;

class InMemorySharedKeysTest extends SharedKeysContract {

    private static final TwinId TWIN = TwinId.of("00000000-0000-4000-8000-00000000000b");

    @Override
    protected Store create() {
        var store = new InMemorySharedStore();
        return new Store(store, store);
    }

    @Override
    protected Store another(Store store) {
        return store;
    }

    @Test
    void a_sweep_that_another_server_overtakes_deletes_nothing_of_the_newer_state() {
        var store = new Meddled();
        var vault = new InMemoryVault(secret());
        var ours = new KeyRing(vault, store, new ReceiptAuthority(), TestKeys.seeded(1));
        var theirs = new KeyRing(vault, store, new ReceiptAuthority(), TestKeys.seeded(2));
        ours.create(TWIN);
        var leaf = ours.nextLeaf(TWIN, Chapter.LABS);
        store.meanwhile = () -> theirs.advance(TWIN, Chapter.LABS);
        ours.sweep(TWIN);
        assertThat(theirs.version(TWIN)).isGreaterThan(2);
        assertThat(ours.nextLeaf(TWIN, Chapter.LABS).address().epoch()).isEqualTo(1);
        assertThat(ours.contentTagKey(TWIN, Chapter.LABS, leaf.address())).isPresent();
    }

    private static Secret secret() {
        return Secret.random(TestKeys.seeded(3));
    }

    /** Where another server is faster between two of our steps. */
    private static final class Meddled extends InMemorySharedStore {
        private Runnable meanwhile = () -> {};

        @Override
        public Collection<UUID> rowsOf(TwinId twin) {
            var now = meanwhile;
            meanwhile = () -> {};
            now.run();
            return super.rowsOf(twin);
        }
    }
}
