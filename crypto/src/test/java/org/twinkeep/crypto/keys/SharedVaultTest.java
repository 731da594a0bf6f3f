package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedVaultTest extends VaultContract {

    @TempDir
    private Path home;

    private final Map<Vault, SlotRows> stores = new HashMap<>();

    @Override
    protected Vault create() {
        var store = new InMemorySharedStore();
        var vault = SharedVault.create(store, kek(stores.size()));
        stores.put(vault, store);
        return vault;
    }

    @Override
    protected Vault reopen(Vault vault) {
        return SharedVault.open(stores.get(vault), kek(stores.size() - 1));
    }

    @Test
    void a_vault_is_made_once_and_never_anew() {
        var store = new InMemorySharedStore();
        assertThat(SharedVault.isIn(store)).isFalse();
        assertThatThrownBy(() -> SharedVault.kindOf(store)).isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(() -> SharedVault.open(store, kek(0)))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("missing");
        SharedVault.create(store, kek(0)).close();
        assertThat(SharedVault.isIn(store)).isTrue();
        assertThat(SharedVault.kindOf(store)).isEqualTo(KekSource.Kind.FILE);
        assertThatThrownBy(() -> SharedVault.create(store, kek(0)))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("already");
    }

    @Test
    void another_houses_key_opens_nothing() {
        var store = new InMemorySharedStore();
        SharedVault.create(store, kek(0)).close();
        SharedVault.create(new InMemorySharedStore(), kek(1)).close();
        assertThatThrownBy(() -> SharedVault.open(store, kek(1)))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("another vault");
    }

    @Test
    void damage_and_a_lost_slot_of_the_house_are_told_and_never_taken_for_an_erasure() {
        var store = new InMemorySharedStore();
        try (var vault = SharedVault.create(store, kek(0))) {
            vault.replace(slot(1), secret(1));
            var box = store.read(slot(1)).orElseThrow().box().clone();
            box[20] ^= 1;
            store.replace(slot(1), 1, 1, box);
            assertThatThrownBy(() -> vault.read(slot(1)))
                    .isInstanceOf(VaultUnavailable.class)
                    .hasMessageContaining("damaged");
        }
        var header = store.header().orElseThrow();
        header[30] ^= 1;
        assertThatThrownBy(() -> SharedVault.open(store, kek(0)))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("header is damaged");
        header[30] ^= 1;
        store.replace(FileVault.HOUSE, 1, 2, null);
        assertThatThrownBy(() -> SharedVault.open(store, kek(0)))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("lost the slot of the house");
    }

    @Test
    void no_version_of_a_slot_ever_means_two_secrets_also_when_it_was_erased_between() {
        var store = new InMemorySharedStore();
        try (var vault = SharedVault.create(store, kek(0))) {
            vault.replace(slot(1), secret(1));
            vault.erase(slot(1));
            vault.erase(slot(1));
            assertThat(store.read(slot(1)).orElseThrow().version()).isEqualTo(2);
            vault.replace(slot(1), secret(2));
            assertThat(vault.version(slot(1))).isEqualTo(3);
            vault.erase(slot(1));
            assertThat(vault.replaceIf(slot(1), 0, secret(3))).isTrue();
            assertThat(vault.version(slot(1))).isEqualTo(5);
        }
    }

    @Test
    void a_slot_that_another_server_writes_while_it_is_erased_is_erased() {
        var meanwhile = new ArrayList<Runnable>();
        var store = new InMemorySharedStore() {
            @Override
            public boolean replace(SlotId id, long before, long after, byte @Nullable [] box) {
                var now = List.copyOf(meanwhile);
                meanwhile.clear();
                now.forEach(Runnable::run);
                return super.replace(id, before, after, box);
            }
        };
        try (var vault = SharedVault.create(store, kek(0));
                var other = SharedVault.open(store, kek(0))) {
            vault.replace(slot(1), secret(1));
            meanwhile.add(() -> other.replace(slot(1), secret(2)));
            vault.erase(slot(1));
            assertThat(vault.read(slot(1))).isEmpty();
            assertThat(other.version(slot(1))).isZero();
        }
    }

    @Test
    void the_slot_of_the_house_is_out_of_reach_and_a_closed_vault_serves_nothing() {
        var vault = create();
        var house = FileVault.HOUSE;
        for (var reach : List.<Consumer<SlotId>>of(
                vault::read,
                vault::version,
                vault::erase,
                id -> vault.replace(id, secret(1)),
                id -> vault.replaceIf(id, 0, secret(1)))) {
            assertThatThrownBy(() -> reach.accept(house)).isInstanceOf(IllegalArgumentException.class);
        }
        vault.close();
        for (var use : List.<Consumer<SlotId>>of(
                vault::read,
                vault::version,
                vault::erase,
                id -> vault.replace(id, secret(1)),
                id -> vault.replaceIf(id, 0, secret(1)),
                _ -> vault.houseKey("accounts"),
                _ -> vault.check())) {
            assertThatThrownBy(() -> use.accept(slot(1))).isInstanceOf(VaultUnavailable.class);
        }
    }

    private KekSource kek(int house) {
        return KekSource.keyFile(home.resolve("kek" + house), home.resolve("data"));
    }
}
