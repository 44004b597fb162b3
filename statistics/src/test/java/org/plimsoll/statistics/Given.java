package org.plimsoll.statistics;

import tools.jackson.databind.JsonNode;

/** The arguments of one reference case, as primitive arrays. */
record Given(JsonNode arguments, JsonNode arrays) {

    double number(String name) {
        return number(arguments.required(name));
    }

    int whole(String name) {
        return arguments.required(name).intValue();
    }

    long count(String name) {
        return arguments.required(name).longValue();
    }

    boolean flag(String name) {
        return arguments.required(name).booleanValue();
    }

    String text(String name) {
        return arguments.required(name).stringValue();
    }

    boolean has(String name) {
        return arguments.has(name);
    }

    private JsonNode values(String name) {
        JsonNode values = arguments.required(name);
        return values.isObject() ? arrays.get(values.required("array").intValue()) : values;
    }

    double[] numbers(String name) {
        JsonNode recipe = arguments.required(name);
        if (recipe.has("lcg")) {
            return generated(recipe);
        }
        return numbers(values(name));
    }

    double[][] table(String name) {
        JsonNode rows = values(name);
        double[][] table = new double[rows.size()][];
        for (int i = 0; i < table.length; i++) {
            table[i] = numbers(rows.get(i));
        }
        return table;
    }

    boolean[] booleans(String name) {
        JsonNode values = values(name);
        boolean[] booleans = new boolean[values.size()];
        for (int i = 0; i < booleans.length; i++) {
            booleans[i] = values.get(i).booleanValue();
        }
        return booleans;
    }

    int[] wholes(String name) {
        JsonNode values = values(name);
        int[] wholes = new int[values.size()];
        for (int i = 0; i < wholes.length; i++) {
            wholes[i] = values.get(i).intValue();
        }
        return wholes;
    }

    long[] counts(String name) {
        JsonNode values = values(name);
        long[] counts = new long[values.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = values.get(i).longValue();
        }
        return counts;
    }

    /** A long sample from its recipe, as reference.py makes it. */
    private static double[] generated(JsonNode recipe) {
        long state = recipe.required("lcg").longValue();
        double scale = recipe.required("scale").doubleValue();
        double[] values = new double[recipe.required("rows").intValue()];
        for (int i = 0; i < values.length; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            double u = (state >>> 11) * 0x1p-53;
            values[i] = switch (recipe.required("law").stringValue()) {
                case "uniform" -> u * scale;
                case "exponential" -> -scale * Math.log1p(-u);
                default -> Math.floor(u * scale);
            };
        }
        return values;
    }

    static double number(JsonNode value) {
        if (value.isString()) {
            return value.stringValue().equals("inf") ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        return value.doubleValue();
    }

    static double[] numbers(JsonNode values) {
        double[] numbers = new double[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(values.get(i));
        }
        return numbers;
    }
}
