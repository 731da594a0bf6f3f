package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;

/** What stands inside the rows of a key state. */
class RowsTest {

    private static final String KEY = "22".repeat(32);
    private static final String REF = "11".repeat(16) + KEY;

    @Test
    void rows_are_read_as_they_were_written() {
        var random = TestKeys.seeded(1);
        var refs = new TreeMap<Integer, RowRef>();
        refs.put(3, RowRef.fresh(random));
        refs.put(200, RowRef.fresh(random));
        var directory = new Directory(Secret.random(random), refs);
        var single = new ScopeKeys(201, new TreeMap<>(Map.of(3, List.of(RowRef.fresh(random)))));
        var several = new ScopeKeys(
                201,
                new TreeMap<>(Map.of(
                        3, List.of(RowRef.fresh(random)),
                        5, List.of(RowRef.fresh(random), RowRef.fresh(random)))));
        var epoch = EpochKeys.fresh(random);
        assertThat(Directory.decode(directory.encode())).isEqualTo(directory);
        assertThat(ScopeKeys.decode(single.encode())).isEqualTo(single);
        assertThat(single.encode()[0]).isEqualTo((byte) 1);
        assertThat(ScopeKeys.decode(several.encode())).isEqualTo(several);
        assertThat(several.encode()[0]).isEqualTo((byte) 2);
        assertThat(EpochKeys.decode(List.of(epoch.row(0))).row(0)).isEqualTo(epoch.row(0));
    }

    @Test
    void rows_stand_as_the_format_says() {
        refuses(
                Directory::decode,
                "01" + KEY + "00000002" + "03" + REF + "c8" + REF,
                List.of(
                        "02" + KEY + "00000000", // another version
                        "01" + KEY + "00000001" + "03" + REF + "00", // a byte too many
                        "01" + KEY + "00000002" + "c8" + REF + "03" + REF, // not in order
                        "01" + KEY + "00000002" + "03" + REF + "03" + REF, // one twice
                        "01" + KEY + "ffffffff" + "03" + REF));
        refuses(
                ScopeKeys::decode,
                "01" + "00000009" + "00000002" + "00000003" + REF + "00000008" + REF,
                List.of(
                        "02" + "00000009" + "00000000",
                        "01" + "00000009" + "00000001" + "00000003" + REF + "00", // a byte too many
                        "01" + "00000009" + "00000001" + "00000009" + REF, // an epoch that is yet to come
                        "01" + "00000009" + "00000002" + "00000003" + REF + "00000003" + REF,
                        "01" + "00000009" + "7fffffff" + "00000003" + REF));
        refuses(
                ScopeKeys::decode,
                "02" + "00000009" + "00000001" + "00000003" + "00000002" + REF + REF,
                List.of(
                        "02" + "00000009" + "00000001" + "00000003" + "00000001" + REF, // version 1 says it shorter
                        "02" + "00000009" + "00000001" + "00000003" + "00000000",
                        "02" + "00000009" + "00000001" + "00000003" + "7fffffff" + REF));
        refuses(
                row -> EpochKeys.decode(List.of(row)),
                "01" + KEY + "00000006" + "011800000000",
                List.of(
                        "02" + KEY + "00000006" + "011800000000",
                        "01" + KEY + "00000006" + "01180000000000",
                        "01" + KEY + "00000005" + "0118000000",
                        "01" + KEY + "7fffffff" + "011800000000"));
    }

    @Test
    void the_parts_of_an_epoch_stand_in_order_and_each_holds_something() {
        var left = "0118" + "00000001" + "01" + "000000" + KEY;
        var right = "0118" + "00000001" + "01" + "800000" + KEY;
        var leaf = "0118" + "00000001" + "18" + "000005" + KEY;
        var first = "01" + KEY + "0000002a";
        var further = "01" + "0000002a";
        assertThat(EpochKeys.decode(rows(first + left, further + right)).tree().subtrees())
                .hasSize(2);
        for (var malformed : List.of(
                rows(),
                rows(first + right, further + left),
                rows(first + left, further + left),
                rows(first + leaf, further + leaf),
                rows(first + left, first + right),
                rows("01" + KEY + "00000006" + "011800000000", further + right),
                rows(first + left, "01" + "00000006" + "011800000000"))) {
            assertThatThrownBy(() -> EpochKeys.decode(malformed)).isInstanceOf(Tampered.class);
        }
    }

    @Test
    void nothing_that_holds_a_key_says_it() {
        var random = TestKeys.seeded(1);
        var ref = RowRef.fresh(random);
        var epoch = EpochKeys.fresh(random);
        var directory = new Directory(Secret.random(random), new TreeMap<>());
        assertThat(ref).hasToString("RowRef");
        assertThat(epoch).hasToString("EpochKeys");
        assertThat(epoch.tree()).hasToString("KeyTree");
        assertThat(epoch.tree().subtrees().getFirst()).hasToString("Subtree");
        assertThat(directory).hasToString("Directory");
        assertThat(ScopeKeys.UNUSED).hasToString("ScopeKeys");
        assertThat(new KeyState(1, ref.id(), directory, new TreeMap<>())).hasToString("KeyState");
        assertThat(CommittedKey.ofSkeletons(epoch.skeleton())).hasToString("CommittedKey");
        assertThat(new SlotRows.Kept(3, new byte[8])).hasToString("Kept 3");
        var keys = TestKeys.seed(1);
        assertThat(keys.ring().eventKeys(keys.twin(), Chapter.LABS, true)).hasToString("EventKeys");
    }

    private static List<byte[]> rows(String... hex) {
        return Arrays.stream(hex).map(HexFormat.of()::parseHex).toList();
    }

    private static void refuses(Function<byte[], ?> decode, String sound, List<String> malformed) {
        var bytes = HexFormat.of().parseHex(sound);
        decode.apply(bytes);
        for (int cut = 0; cut < bytes.length; cut++) {
            var part = Arrays.copyOf(bytes, cut);
            assertThatThrownBy(() -> decode.apply(part)).isInstanceOf(Tampered.class);
        }
        for (var each : malformed) {
            assertThatThrownBy(() -> decode.apply(HexFormat.of().parseHex(each)))
                    .as(each)
                    .isInstanceOf(Tampered.class);
        }
    }
}
