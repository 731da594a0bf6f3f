package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;

/** What a process has opened of a twin's keys is wiped where it lay, as soon as it is put away or gone. */
class OpenKeysTest {

    private static final int LABS = Chapter.LABS.number();
    private static final int VITALS = Chapter.VITALS.number();

    private final TestKeys keys = TestKeys.seed(41);
    private final TwinId twin = keys.twin();
    private OpenKeys open;
    private OpenKeys.OpenEpoch labs;
    private OpenKeys.OpenEpoch vitals;

    @BeforeEach
    void a_twin_with_two_chapters() {
        keys.ring().streamOf(twin, Chapter.LABS);
        keys.ring().streamOf(twin, Chapter.VITALS);
        var states = new KeyStates(keys.vault, keys.rows, keys.random);
        open = new OpenKeys(twin, states, states.load(twin).orElseThrow());
        labs = open.epoch(LABS, 0).orElseThrow();
        vitals = open.epoch(VITALS, 0).orElseThrow();
    }

    @Test
    void keys_that_are_put_away_are_wiped() {
        var secrets = new ArrayList<Secret>();
        secrets.add(open.names());
        open.state().directory().scopes().values().forEach(ref -> secrets.add(ref.key()));
        open.state().scopes().values().stream()
                .flatMap(scope -> scope.epochs().values().stream())
                .flatMap(List::stream)
                .forEach(ref -> secrets.add(ref.key()));
        assertThat(secrets).hasSize(1 + 2 + 2);
        open.wipe();
        secrets.forEach(OpenKeysTest::assertWiped);
        assertWiped(labs);
        assertWiped(vitals);
    }

    @Test
    void an_epoch_that_loses_a_leaf_is_wiped_and_what_is_left_opens() {
        var before = labs.keys();
        var left = before.without(Runs.of(List.of(new LeafRange(0, 5, 5))));
        open.rewrite(Map.of(LABS, new KeyState.Change(1, false, Map.of(0, new KeyState.Written(left, before)))));
        assertWiped(labs);
        var now = open.epoch(LABS, 0).orElseThrow();
        assertThat(now.path().key(new LeafAddress(0, 5))).isEmpty();
        assertThat(now.path().key(new LeafAddress(0, 4))).isPresent();
        assertThat(now.skeletons().copy().encryption().length()).isEqualTo(32);
    }

    @Test
    void a_chapter_that_is_dropped_is_wiped_and_the_others_stay_open() {
        open.rewrite(Map.of(LABS, new KeyState.Change(1, true, Map.of())));
        assertWiped(labs);
        assertThat(open.epoch(LABS, 0)).isEmpty();
        assertThat(open.epoch(VITALS, 0)).containsSame(vitals);
        assertThat(vitals.keys().skeleton().copy().length()).isEqualTo(32);
    }

    private static void assertWiped(OpenKeys.OpenEpoch epoch) {
        assertWiped(epoch.skeletons().encryption());
        assertWiped(epoch.keys().skeleton());
        assertThat(epoch.tree().subtrees())
                .allSatisfy(subtree -> assertThat(subtree.node()).containsOnly(0));
    }

    private static void assertWiped(Secret secret) {
        assertThatThrownBy(secret::copy).isInstanceOf(IllegalStateException.class);
    }
}
