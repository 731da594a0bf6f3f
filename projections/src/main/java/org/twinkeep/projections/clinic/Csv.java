package org.twinkeep.projections.clinic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the tables that stand beside a class: RFC 4180 with one heading line and no line breaks inside fields. */
public final class Csv {
    private Csv() {}

    /** Every line as heading → field, in the order of the file. */
    public static List<Map<String, String>> table(Class<?> beside, String name) {
        try (var in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the table " + name + " is missing");
            }
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            var heading = fields(lines.getFirst());
            var rows = new ArrayList<Map<String, String>>();
            for (var line : lines.subList(1, lines.size())) {
                var fields = fields(line);
                if (fields.size() != heading.size()) {
                    throw new IllegalStateException("the table " + name + " has a line of another length: " + line);
                }
                var row = new LinkedHashMap<String, String>();
                for (var i = 0; i < fields.size(); i++) {
                    row.put(heading.get(i), fields.get(i));
                }
                rows.add(row);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A hash over the lines of these tables. */
    static String fingerprint(Class<?> beside, String... names) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            for (var name : names) {
                hash.update(table(beside, name).toString().getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.length(); i++) {
            var c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
