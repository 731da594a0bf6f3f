package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
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
        var scope = new ScopeKeys(201, refs);
        var epoch = EpochKeys.fresh(random);
        assertThat(Directory.decode(directory.encode())).isEqualTo(directory);
        assertThat(ScopeKeys.decode(scope.encode())).isEqualTo(scope);
        assertThat(EpochKeys.decode(epoch.encode()).encode()).isEqualTo(epoch.encode());
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
                        "01" + "00000009" + "00000001" + "00000009" + REF, // an epoch that is yet to come
                        "01" + "00000009" + "00000002" + "00000003" + REF + "00000003" + REF,
                        "01" + "00000009" + "7fffffff" + "00000003" + REF));
        refuses(
                EpochKeys::decode,
                "01" + KEY + "00000006" + "011800000000",
                List.of(
                        "02" + KEY + "00000006" + "011800000000",
                        "01" + KEY + "00000006" + "01180000000000",
                        "01" + KEY + "00000005" + "0118000000",
                        "01" + KEY + "7fffffff" + "011800000000"));
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
