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
