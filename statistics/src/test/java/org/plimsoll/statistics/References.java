package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.plimsoll.core.Json;
import tools.jackson.databind.JsonNode;

/**
 * Holds functions of the room against values that independent programs gave (src/test/reference has the programs, the JSON
 * files name their versions). Every function must have three cases or more, and every case a function.
 */
final class References {

    private References() {}

    static List<DynamicTest> check(String family, Map<String, Function<Given, double[]>> functions) {
        Map<String, Integer> cases = new HashMap<>();
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode file = read(family);
        for (JsonNode reference : file.required("cases")) {
            String function = reference.required("function").stringValue();
            int number = cases.merge(function, 1, Integer::sum);
            String name =
                    function + " " + number + ": " + reference.required("kind").stringValue();
            Function<Given, double[]> ours = functions.get(function);
            assertThat(ours).as("function of reference case %s", name).isNotNull();
            tests.add(dynamicTest(name, () -> compare(ours, reference, file.required("arrays"))));
        }
        tests.add(dynamicTest("every function has three cases", () -> {
            assertThat(cases.keySet()).containsExactlyInAnyOrderElementsOf(functions.keySet());
            assertThat(cases)
                    .allSatisfy(
                            (function, count) -> assertThat(count).as(function).isGreaterThanOrEqualTo(3));
        }));
        return tests;
    }

    private static void compare(Function<Given, double[]> ours, JsonNode reference, JsonNode arrays) {
        JsonNode value = reference.required("expected");
        double[] expected = value.isArray() ? Given.numbers(value) : new double[] {Given.number(value)};
        double[] actual = ours.apply(new Given(reference.required("arguments"), arrays));
        double tolerance =
                reference.has("tolerance") ? reference.required("tolerance").doubleValue() : 1e-9;
        double absolute =
                reference.has("absolute") ? reference.required("absolute").doubleValue() : 1e-15;
        assertThat(actual).as("number of results").hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (Double.isInfinite(expected[i])) {
                assertThat(actual[i]).isEqualTo(expected[i]);
                continue;
            }
            double allowed = Math.max(tolerance * Math.abs(expected[i]), absolute);
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("result %d: ours %s, reference %s", i, actual[i], expected[i])
                    .isLessThanOrEqualTo(allowed);
        }
    }

    static JsonNode read(String family) {
        try (InputStream in = References.class.getResourceAsStream("reference/" + family + ".json")) {
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
