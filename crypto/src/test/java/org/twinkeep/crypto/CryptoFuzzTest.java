package org.twinkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twinkeep.crypto.json.CanonicalJson;

/** Any bytes at all are read as what they are, or refused. */
class CryptoFuzzTest {

    private static final Secret KEY = Secret.copyOf(new byte[32]);

    @FuzzTest
    void a_box(byte[] bytes) {
        try {
            Box.open(KEY, new byte[0], bytes);
            throw new AssertionError("It opened.");
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest
    void something_sealed_to_a_public_key(byte[] bytes) {
        try {
            Hpke.X_WING.open(KEY, new byte[0], new byte[0], bytes);
            throw new AssertionError("It opened.");
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }

    /** What has a canonical form is read from it again, and has the same one then. */
    @FuzzTest
    void canonical_json(FuzzedDataProvider data) {
        var object = object(data, 0);
        byte[] canonical;
        try {
            canonical = CanonicalJson.bytes(object);
        } catch (IllegalArgumentException e) {
            return;
        }
        var again = Json.object(new String(canonical, StandardCharsets.UTF_8));
        assertThat(again.keySet()).isEqualTo(object.keySet());
    }

    private static Map<String, Object> object(FuzzedDataProvider data, int depth) {
        var object = new LinkedHashMap<String, Object>();
        for (int left = data.consumeInt(0, 5); left > 0; left--) {
            object.put(data.consumeString(12), value(data, depth + 1));
        }
        return object;
    }

    private static Object value(FuzzedDataProvider data, int depth) {
        return switch (data.consumeInt(0, depth < 6 ? 4 : 2)) {
            case 0 -> data.consumeString(40);
            case 1 -> data.consumeLong();
            case 2 -> data.consumeBoolean();
            case 3 -> object(data, depth);
            default -> {
                List<Object> list = new ArrayList<>();
                for (int left = data.consumeInt(0, 4); left > 0; left--) {
                    list.add(value(data, depth + 1));
                }
                yield list;
            }
        };
    }
}
