package org.twinkeep.integrations.fhir;

import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.IParserErrorHandler;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ScalarType;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ValueType;
import java.io.CharArrayReader;
import java.nio.CharBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a resource as HAPI does, to count what such a parser drops or refuses. It changes nothing of what is kept, and it never
 * passes on what the parser says: its messages quote values.
 */
final class ParserCheck implements IParserErrorHandler {
    private final IParser parser;
    private Map<Remark, Integer> counts = new EnumMap<>(Remark.class);

    ParserCheck(FhirModel model) {
        parser = model.context().newJsonParser();
        parser.setParserErrorHandler(this);
    }

    /** What the parser would drop or refuse of this resource; whatever it throws at odd input is one of its refusals. */
    Map<Remark, Integer> count(CharBuffer json) {
        counts = new EnumMap<>(Remark.class);
        try {
            parser.parseResource(new CharArrayReader(json.array(), json.arrayOffset(), json.remaining()));
        } catch (RuntimeException e) {
            counts.clear();
            add(Remark.UNREADABLE_TO_PARSER);
        }
        return counts;
    }

    private void add(Remark remark) {
        counts.merge(remark, 1, Integer::sum);
    }

    @Override
    public void containedResourceWithNoId(@Nullable IParseLocation where) {
        add(Remark.CONTAINED_WITHOUT_ID);
    }

    @Override
    public void incorrectJsonType(
            @Nullable IParseLocation where,
            String element,
            ValueType expected,
            @Nullable ScalarType expectedScalar,
            ValueType found,
            @Nullable ScalarType foundScalar) {
        add(Remark.WRONG_JSON_TYPE);
    }

    @Override
    public void invalidValue(@Nullable IParseLocation where, @Nullable String value, @Nullable String error) {
        add(Remark.INVALID_VALUE);
    }

    @Override
    public void missingRequiredElement(@Nullable IParseLocation where, String element) {
        add(Remark.MISSING_ELEMENT);
    }

    @Override
    public void unexpectedRepeatingElement(@Nullable IParseLocation where, String element) {
        add(Remark.REPEATED_ELEMENT);
    }

    @Override
    public void unknownAttribute(@Nullable IParseLocation where, String attribute) {
        add(Remark.UNKNOWN_ELEMENT);
    }

    @Override
    public void unknownElement(@Nullable IParseLocation where, String element) {
        add(Remark.UNKNOWN_ELEMENT);
    }

    @Override
    public void unknownReference(@Nullable IParseLocation where, String reference) {
        add(Remark.INNER_REFERENCE);
    }

    @Override
    public void invalidInternalReference(@Nullable IParseLocation where, String reference) {
        add(Remark.INNER_REFERENCE);
    }

    @Override
    public void extensionContainsValueAndNestedExtensions(@Nullable IParseLocation where) {
        add(Remark.EXTENSION_WITH_BOTH);
    }
}
