package org.twinkeep.portal.requests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.twinkeep.consent.research.DiseaseTree;
import tools.jackson.databind.json.JsonMapper;

/**
 * The diseases that researchers and patients can name: a small part of MONDO (Monarch Initiative, CC BY 4.0), with what
 * stands under what.
 */
public final class Diseases {
    private static final Diseases ALL = read();

    /** @param under the codes directly above it, those of this list */
    public record Disease(String code, String name, Set<String> under) {}

    private final Map<String, Disease> byCode = new LinkedHashMap<>();

    private Diseases(List<Disease> diseases) {
        diseases.forEach(disease -> byCode.put(disease.code(), disease));
    }

    public static Diseases all() {
        return ALL;
    }

    public List<Disease> list() {
        return List.copyOf(byCode.values());
    }

    public Optional<Disease> of(String code) {
        return Optional.ofNullable(byCode.get(code));
    }

    public DiseaseTree tree() {
        var parents = new LinkedHashMap<String, Set<String>>();
        byCode.values().forEach(disease -> parents.put(disease.code(), disease.under()));
        return new DiseaseTree(parents);
    }

    private static Diseases read() {
        try (var in = Objects.requireNonNull(Diseases.class.getResourceAsStream("diseases.json"))) {
            return new Diseases(List.of(JsonMapper.shared().readValue(in.readAllBytes(), Disease[].class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
