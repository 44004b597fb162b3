package org.plimsoll.scoring;

import java.io.InputStream;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.io.NumberInput;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** A model file in JSON. XGBoost writes NaN and Infinity as bare words in some versions; they are read and judged later. */
final class JsonTokens extends ModelTokens implements AutoCloseable {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(64)
                    .maxNameLength(10_000)
                    .maxStringLength(1_000_000)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final JsonParser json;
    private Kind current = Kind.NULL;

    JsonTokens(String file, InputStream bytes) {
        super(file);
        try {
            this.json = FACTORY.createParser(ObjectReadContext.empty(), bytes);
        } catch (JacksonException e) { // its first bytes tell of an encoding that there is not
            throw Problem.of(
                    Problem.Kind.INVALID,
                    file + ": not readable as JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    @Override
    Kind next() {
        try {
            JsonToken token = json.nextToken();
            current = token == null
                    ? Kind.END
                    : switch (token) {
                        case START_OBJECT -> Kind.OBJECT;
                        case END_OBJECT -> Kind.END_OBJECT;
                        case START_ARRAY -> Kind.ARRAY;
                        case END_ARRAY -> Kind.END_ARRAY;
                        case PROPERTY_NAME -> Kind.NAME;
                        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Kind.NUMBER;
                        case VALUE_STRING -> Kind.TEXT;
                        case VALUE_TRUE, VALUE_FALSE -> Kind.BOOL;
                        case VALUE_NULL -> Kind.NULL;
                        case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> throw problem("not JSON");
                    };
            return current;
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    private Problem unreadable(JacksonException e) {
        return problem("not readable as JSON: "
                + e.getOriginalMessage().lines().findFirst().orElse(""));
    }

    @Override
    Kind current() {
        return current;
    }

    @Override
    String text() {
        try {
            return json.getString();
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    @Override
    float floatValue() {
        try {
            return NumberInput.parseFloat(
                    json.getStringCharacters(), json.getStringOffset(), json.getStringLength(), true);
        } catch (NumberFormatException _) {
            throw problem(text() + " is no number");
        }
    }

    @Override
    long longValue() {
        if (current == Kind.BOOL) {
            return json.currentToken() == JsonToken.VALUE_TRUE ? 1 : 0;
        }
        try {
            return json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : Long.parseLong(text());
        } catch (NumberFormatException | JacksonException _) {
            throw problem(text() + " is no whole number");
        }
    }

    @Override
    String place() {
        return "byte " + json.currentTokenLocation().getByteOffset();
    }

    @Override
    public void close() {
        json.close();
    }
}
