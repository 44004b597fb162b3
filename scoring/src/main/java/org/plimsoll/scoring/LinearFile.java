package org.plimsoll.scoring;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;

/**
 * A linear model's own file, {@code model.linear.json}: small enough to be read by people.
 *
 * <pre>
 *  {"format":"plimsoll.linear","v":1,
 *   "link":"logistic",                        identity, logistic, exp, softmax
 *   "features":["distance","hour=7", …],      the columns of x, in order
 *   "coefficients":[[0.25,-1.5, …], …],       one list for each output
 *   "intercepts":[-0.75, …]}
 * </pre>
 *
 * {@code margin[k] = intercepts[k] + Σ coefficients[k][i] x[i]}, in double precision, in the order of the features; the answer
 * is its link: itself, 1/(1+e^-m), e^m, or the softmax over the outputs.
 *
 * @param v the format's version; readers refuse a greater one
 */
public record LinearFile(
        String format,
        int v,
        String link,
        List<String> features,
        List<List<Double>> coefficients,
        List<Double> intercepts) {

    /** What the file begins with, so that it is known from others. */
    public static final String FORMAT = "plimsoll.linear";

    private static final int V = 1;

    public LinearFile {
        features = List.copyOf(features);
        coefficients = coefficients.stream().map(List::copyOf).toList();
        intercepts = List.copyOf(intercepts);
        int width = features.size();
        if (!format.equals(FORMAT) || v > V) {
            throw Problem.invalid(
                    "format of a linear model", format + " " + v, FORMAT + " of version " + V + " at most");
        }
        boolean fits = !intercepts.isEmpty()
                && width > 0
                && coefficients.size() == intercepts.size()
                && coefficients.stream().allMatch(row -> row.size() == width);
        if (!fits) {
            throw Problem.invalid(
                    "coefficients of a linear model",
                    coefficients.size() + " lists and " + intercepts.size() + " intercepts",
                    "one list of " + width + " numbers and one intercept for each output");
        }
        if (link(link) != Link.SOFTMAX && intercepts.size() != 1) {
            throw Problem.invalid("link of a linear model", link, "softmax, since it has several outputs");
        }
    }

    /** A model of this version of the format. */
    public LinearFile(String link, List<String> features, List<List<Double>> coefficients, List<Double> intercepts) {
        this(FORMAT, V, link, features, coefficients, intercepts);
    }

    private static Link link(String word) {
        return switch (word) {
            case "identity" -> Link.IDENTITY;
            case "logistic" -> Link.LOGISTIC;
            case "exp" -> Link.EXP;
            case "softmax" -> Link.SOFTMAX;
            default -> throw Problem.invalid("link of a linear model", word, "identity, logistic, exp or softmax");
        };
    }

    /** Whether these bytes are such a file. */
    static boolean is(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith("{") && text.contains("\"" + FORMAT + "\"");
    }

    /** The bytes of the file; the same model, the same bytes. */
    public byte[] write() {
        return CanonicalJson.bytes(this);
    }

    /** The engine of this file. @throws Problem where it is not one */
    static LinearEngine read(String file, byte[] bytes) {
        LinearFile model;
        try {
            model = Json.read(bytes, LinearFile.class);
        } catch (JacksonException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw Problem.of(
                    Problem.Kind.INVALID,
                    file + ": " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        int outputs = model.intercepts.size();
        double[] coefficients = model.coefficients.stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .toArray();
        return new LinearEngine(
                coefficients,
                model.intercepts.stream().mapToDouble(Double::doubleValue).toArray(),
                model.features.size(),
                Precision.DOUBLE,
                List.of(),
                new LinkHead(link(model.link), Precision.DOUBLE, outputs),
                model.features,
                "");
    }
}
