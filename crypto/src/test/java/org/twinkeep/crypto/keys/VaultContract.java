package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Secret;

/** What every vault does. An adapter extends it and says how it is opened. */
public abstract class VaultContract {

    /** A new, empty vault. */
    protected abstract Vault create() throws Exception;

    /** The same vault as another process would find it; one that cannot be closed and found again answers itself. */
    protected abstract Vault reopen(Vault vault) throws Exception;

    @Test
    void an_unknown_slot_is_empty() throws Exception {
        try (var vault = create()) {
            assertThat(vault.read(slot(1))).isEmpty();
            assertThat(vault.version(slot(1))).isZero();
        }
    }

    @Test
    void a_written_slot_is_read_again() throws Exception {
        try (var vault = create()) {
            vault.replace(slot(1), secret(7));
            assertThat(vault.read(slot(1))).contains(secret(7));
            assertThat(vault.read(slot(2))).isEmpty();
        }
    }

    @Test
    void a_replaced_slot_answers_the_last_secret_only_and_counts_up() throws Exception {
        try (var vault = create()) {
            for (int i = 1; i <= 5; i++) {
                vault.replace(slot(1), secret(i));
                assertThat(vault.version(slot(1))).isEqualTo(i);
            }
            assertThat(vault.read(slot(1))).contains(secret(5));
        }
    }

    @Test
    void a_slot_counts_on_from_the_version_that_it_is_given_and_never_back() throws Exception {
        var before = create();
        before.replace(slot(1), secret(1), 1L << 33);
        before.replace(slot(1), secret(2), 7);
        try (var vault = reopen(before)) {
            assertThat(vault.version(slot(1))).isEqualTo((1L << 33) + 1);
            assertThat(vault.read(slot(1))).contains(secret(2));
        }
    }

    @Test
    void a_slot_is_replaced_only_where_it_is_as_it_was_seen() throws Exception {
        try (var vault = create()) {
            assertThat(vault.replaceIf(slot(1), 1, secret(1))).isFalse();
            assertThat(vault.read(slot(1))).isEmpty();
            assertThat(vault.replaceIf(slot(1), 0, secret(1))).isTrue();
            assertThat(vault.replaceIf(slot(1), 0, secret(2))).isFalse();
            assertThat(vault.replaceIf(slot(1), 1, secret(3))).isTrue();
            assertThat(vault.replaceIf(slot(1), 1, secret(4))).isFalse();
            assertThat(vault.version(slot(1))).isEqualTo(2);
            assertThat(vault.read(slot(1))).contains(secret(3));
            vault.erase(slot(1));
            assertThat(vault.replaceIf(slot(1), 2, secret(5))).isFalse();
            assertThat(vault.replaceIf(slot(1), 0, secret(6))).isTrue();
            assertThat(vault.read(slot(1))).contains(secret(6));
        }
    }

    @Test
    void of_many_that_replace_a_slot_as_they_saw_it_one_succeeds() throws Exception {
        try (var vault = create();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 5; round++) {
                long seen = vault.version(slot(1));
                var running = new ArrayList<Future<Boolean>>();
                for (int i = 0; i < 8; i++) {
                    int mine = i;
                    running.add(threads.submit(() -> vault.replaceIf(slot(1), seen, secret(mine))));
                }
                int succeeded = 0;
                for (var each : running) {
                    succeeded += each.get() ? 1 : 0;
                }
                assertThat(succeeded).isEqualTo(1);
                assertThat(vault.version(slot(1))).isEqualTo(seen + 1);
            }
        }
    }

    @Test
    void an_erased_slot_is_gone_and_erasing_again_is_done() throws Exception {
        try (var vault = create()) {
            vault.replace(slot(1), secret(1));
            vault.replace(slot(2), secret(2));
            vault.erase(slot(1));
            vault.erase(slot(1));
            assertThat(vault.read(slot(1))).isEmpty();
            assertThat(vault.version(slot(1))).isZero();
            assertThat(vault.read(slot(2))).contains(secret(2));
        }
    }

    @Test
    void everything_is_there_after_reopening_and_what_was_erased_is_not() throws Exception {
        var before = create();
        for (int i = 1; i <= 40; i++) {
            before.replace(slot(i), secret(i));
        }
        for (int i = 1; i <= 40; i += 2) {
            before.erase(slot(i));
        }
        before.replace(slot(2), secret(99));
        try (var vault = reopen(before)) {
            assertThat(vault.read(slot(2))).contains(secret(99));
            assertThat(vault.version(slot(2))).isEqualTo(2);
            for (int i = 1; i <= 40; i += 2) {
                assertThat(vault.read(slot(i))).isEmpty();
            }
            for (int i = 4; i <= 40; i += 2) {
                assertThat(vault.read(slot(i))).contains(secret(i));
                assertThat(vault.version(slot(i))).isEqualTo(1);
            }
        }
    }

    @Test
    void a_house_key_is_stable_and_each_label_has_its_own() throws Exception {
        var before = create();
        var accounts = before.houseKey("accounts");
        assertThat(before.houseKey("directory")).isNotEqualTo(accounts);
        assertThat(accounts.length()).isEqualTo(32);
        try (var vault = reopen(before)) {
            assertThat(vault.houseKey("accounts")).isEqualTo(accounts);
        }
    }

    @Test
    void another_vault_has_other_house_keys() throws Exception {
        try (var one = create();
                var other = create()) {
            assertThat(one.houseKey("accounts")).isNotEqualTo(other.houseKey("accounts"));
        }
    }

    @Test
    void a_secret_of_another_size_is_refused() throws Exception {
        try (var vault = create()) {
            assertThatThrownBy(() -> vault.replace(slot(1), Secret.copyOf(new byte[31])))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void closing_what_was_read_changes_nothing() throws Exception {
        try (var vault = create()) {
            vault.replace(slot(1), secret(1));
            vault.read(slot(1)).orElseThrow().close();
            vault.houseKey("accounts").close();
            assertThat(vault.read(slot(1))).contains(secret(1));
            assertThat(vault.houseKey("accounts")).isNotEqualTo(Secret.copyOf(new byte[32]));
        }
    }

    @Test
    void many_threads_replace_and_read_slots_of_their_own() throws Exception {
        var before = create();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 1; i <= 16; i++) {
                int mine = i;
                running.add(threads.submit(() -> {
                    for (int round = 1; round <= 10; round++) {
                        before.replace(slot(mine), secret(mine + round));
                        assertThat(before.read(slot(mine))).contains(secret(mine + round));
                    }
                }));
            }
            for (var each : running) {
                each.get();
            }
        }
        try (var vault = reopen(before)) {
            for (int i = 1; i <= 16; i++) {
                assertThat(vault.read(slot(i))).contains(secret(i + 10));
                assertThat(vault.version(slot(i))).isEqualTo(10);
            }
        }
    }

    protected static SlotId slot(int number) {
        return new SlotId(new UUID(0x7717, number));
    }

    protected static Secret secret(int number) {
        var bytes = new byte[32];
        bytes[0] = (byte) number;
        bytes[31] = 1;
        return Secret.copyOf(bytes);
    }
}
