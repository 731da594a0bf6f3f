package org.twinkeep.portal.web;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is missing in a form: by field, the key of the sentence that says so. The first one about a field counts. */
public final class Complaints {
    private final Map<String, String> byField = new LinkedHashMap<>();

    public void about(String field, String key) {
        byField.putIfAbsent(field, key);
    }

    public boolean none() {
        return byField.isEmpty();
    }

    public boolean has(String field) {
        return byField.containsKey(field);
    }

    public @Nullable String key(String field) {
        return byField.get(field);
    }

    public Map<String, String> all() {
        return byField;
    }
}
