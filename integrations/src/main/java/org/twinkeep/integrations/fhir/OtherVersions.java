package org.twinkeep.integrations.fhir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tells resources of DSTU2, STU3 and R5 from those of R4, as far as their shape tells; the data stand in {@code other-versions.txt}. */
final class OtherVersions {
    /**
     * @param declared the resource says so itself, or its type exists in that version only; else it is its shape that tells
     * @param element where, in words of the model
     */
    record Evidence(String version, boolean declared, String element) {}

    private record Shape(String version, List<String> path, String looks, String words) {}

    private static final Pattern PINNED = Pattern.compile(
            "http://hl7\\.org/fhir/(?:([1-9])\\.[0-9]/)?StructureDefinition/" + "[A-Za-z]+(?:\\|([1-9])\\.[0-9.]+.*)?");

    private final Map<String, String> only;
    private final Map<String, List<Shape>> shapes;

    private OtherVersions(Map<String, String> only, Map<String, List<Shape>> shapes) {
        this.only = only;
        this.shapes = shapes;
    }

    static OtherVersions table() {
        var only = new HashMap<String, String>();
        var shapes = new HashMap<String, List<Shape>>();
        try (var in = OtherVersions.class.getResourceAsStream("other-versions.txt")) {
            if (in == null) {
                throw new IllegalStateException("other-versions.txt is missing from the build");
            }
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                var words = line.split(" ");
                if (words[0].equals("only")) {
                    for (int i = 2; i < words.length; i++) {
                        only.put(words[i], words[1].replace('_', ' '));
                    }
                } else if (words[0].equals("shape")) {
                    var path = List.of(words[3].split("\\."));
                    shapes.computeIfAbsent(words[2], _ -> new ArrayList<>())
                            .add(new Shape(words[1].replace('_', ' '), path, words[4], words[2] + "." + words[3]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new OtherVersions(Map.copyOf(only), Map.copyOf(shapes));
    }

    @Nullable
    Evidence of(JsonNode resource, String type) {
        var foreign = only.get(type);
        if (foreign != null) {
            return new Evidence(foreign, true, "a resource type that R4 does not have");
        }
        var said = declared(resource, type);
        if (said != null) {
            return said;
        }
        for (var shape : shapes.getOrDefault(type, List.of())) {
            if (looks(resource, shape.path(), 0, shape.looks())) {
                return new Evidence(shape.version(), false, shape.words());
            }
        }
        return null;
    }

    private static @Nullable Evidence declared(JsonNode resource, String type) {
        if (type.equals("CapabilityStatement")) {
            return major(resource.path("fhirVersion").stringValue("4"), "CapabilityStatement.fhirVersion");
        }
        for (var profile : resource.path("meta").path("profile")) {
            var match = PINNED.matcher(profile.stringValue(""));
            if (match.matches()) {
                var major = match.group(1) == null ? match.group(2) : match.group(1);
                var evidence = major == null ? null : major(major, type + ".meta.profile");
                if (evidence != null) {
                    return evidence;
                }
            }
        }
        return null;
    }

    private static @Nullable Evidence major(String version, String element) {
        return switch (version.isEmpty() ? '4' : version.charAt(0)) {
            case '4' -> null;
            case '5' -> new Evidence("R5", true, element);
            case '0', '1', '2', '3' -> new Evidence("DSTU2 or STU3", true, element);
            default -> new Evidence("a version that is not R4", true, element);
        };
    }

    private static boolean looks(JsonNode at, List<String> path, int step, String looks) {
        if (step == path.size()) {
            return switch (looks) {
                case "object" -> at.isObject();
                case "list" -> at.isArray();
                case "text" -> at.isString();
                default -> true;
            };
        }
        if (at.isArray()) {
            return at.valueStream().anyMatch(each -> looks(each, path, step, looks));
        }
        return at.has(path.get(step)) && looks(at.path(path.get(step)), path, step + 1, looks);
    }
}
