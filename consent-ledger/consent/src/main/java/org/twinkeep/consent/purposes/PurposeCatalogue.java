package org.twinkeep.consent.purposes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import tools.jackson.databind.json.JsonMapper;

/**
 * What each purpose means, in the words that patients read: the codes of HL7 v3-ActReason below PurposeOfUse, in their
 * hierarchy. The ledger names the catalogue by its {@link #hash}, so that nobody can change afterwards what somebody
 * agreed to.
 */
public final class PurposeCatalogue {
    /** Its subject on the ledger. */
    public static final String SUBJECT = "purposes";

    private static final PurposeCatalogue CURRENT = read();

    /**
     * One purpose.
     *
     * @param under the code directly above it; null for those at the top
     * @param means in one sentence
     * @param asks who typically asks for it, where people meet it
     * @param never what it does not allow, likewise
     * @param roles whose accounts may ask a patient for it, as they stand in the trail; of most codes nobody
     */
    public record Entry(
            String code,
            @Nullable String under,
            String name,
            String means,
            @Nullable String asks,
            @Nullable String never,
            List<String> roles) {

        public Entry {
            roles = List.copyOf(roles);
        }

        /** Whether pages explain it at length. */
        public boolean isExplained() {
            return asks != null && never != null;
        }
    }

    private record File(String version, String system, List<Entry> purposes) {}

    private final String version;
    private final String hash;
    private final Map<String, Entry> byCode = new LinkedHashMap<>();

    private PurposeCatalogue(File file, byte[] text) {
        version = file.version();
        hash = Hex.of(Sha256.of(text));
        file.purposes().forEach(entry -> byCode.put(entry.code(), entry));
    }

    /** The one that this program was built with. */
    public static PurposeCatalogue current() {
        return CURRENT;
    }

    public String version() {
        return version;
    }

    /** SHA-256 of its text, in hexadecimal digits. */
    public String hash() {
        return hash;
    }

    /** Each above what stands under it. */
    public List<Entry> entries() {
        return List.copyOf(byCode.values());
    }

    public Optional<Entry> of(String code) {
        return Optional.ofNullable(byCode.get(code));
    }

    /** What stands directly under a code. */
    public List<Entry> under(String code) {
        return byCode.values().stream()
                .filter(entry -> code.equals(entry.under()))
                .toList();
    }

    /** What an account of this role may ask a patient for. */
    public List<Purpose> askedBy(String role) {
        return Arrays.stream(Purpose.values())
                .filter(purpose -> of(purpose.code())
                        .filter(entry -> entry.roles().contains(role))
                        .isPresent())
                .toList();
    }

    private static PurposeCatalogue read() {
        try (var in = Objects.requireNonNull(PurposeCatalogue.class.getResourceAsStream("purposes.json"))) {
            var text = in.readAllBytes();
            return new PurposeCatalogue(JsonMapper.shared().readValue(text, File.class), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
