package org.plimsoll.scoring;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import tools.jackson.core.JacksonException;

/**
 * From raw columns to the matrix x that the engine sees: declared in {@code pipeline.yaml}, fitted in training, carried in the
 * artifact as {@code features.json}, applied in serving. Training and serving run this same code; a row gives the same bits
 * alone and in a batch.
 *
 * <pre>
 *  features.json, canonical JSON:
 *  {"v":1,
 *   "inputs":   [{"name":"origin","type":"category","optional":true}, …],
 *   "features": [{"column":"origin",
 *                 "steps":[{"op":"one_hot","categories":["ATL","ORD"],"unknown":"zeros"}],
 *                 "outputs":["origin=ATL","origin=ORD"]}, …]}
 * </pre>
 *
 * The order of the outputs is the order of the model's features. Immutable and safe for any number of threads.
 */
public final class Features {

    /** The format's version; readers refuse a greater one. */
    public static final int V = 1;

    /** One raw column, its fitted steps, and the names of the numbers it becomes. */
    public record Feature(String column, List<Transform> steps, List<String> outputs) {
        public Feature {
            steps = List.copyOf(steps);
            outputs = List.copyOf(outputs);
        }
    }

    /** The file. */
    record Document(int v, Schema inputs, List<Feature> features) {}

    /** Where the inputs stand in a schema; kept for the schema that came last. */
    private record Binding(Schema schema, int[] places) {}

    private final Document document;
    private final List<String> names;
    private final ColumnEncoder[] encoders;
    private volatile Binding last;

    private Features(Document document) {
        this.document = document;
        this.names = document.features.stream().flatMap(f -> f.outputs.stream()).toList();
        this.encoders = new ColumnEncoder[document.features.size()];
        int offset = 0;
        for (int i = 0; i < encoders.length; i++) {
            Feature feature = document.features.get(i);
            encoders[i] = ColumnEncoder.compile(feature, document.inputs.column(feature.column), offset);
            offset += feature.outputs.size();
        }
        this.last = new Binding(document.inputs, bound(document.inputs));
    }

    /**
     * Learns the declared features from the training rows.
     *
     * @param zone where days begin, for parts of timestamps that name no zone of their own
     * @throws Problem naming the feature and what does not fit
     */
    public static Features fit(List<FeatureSpec> specs, Columns training, ZoneId zone) {
        if (specs.isEmpty()) {
            throw Problem.of(Problem.Kind.INVALID, "no features: the model would see nothing");
        }
        if (training.rows() == 0) {
            throw Problem.of(Problem.Kind.INVALID, "no training rows");
        }
        List<Column> inputs = new ArrayList<>();
        List<Feature> features = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (FeatureSpec spec : specs) {
            inputs.add(spec.input(training.schema().column(spec.column())));
            List<Transform> steps = spec.fit(training, zone);
            List<String> outputs = new ArrayList<>();
            for (String name : ColumnEncoder.outputs(spec.column(), steps)) {
                outputs.add(unique(name, used));
            }
            features.add(new Feature(spec.column(), steps, outputs));
        }
        return new Features(new Document(V, new Schema(inputs), features));
    }

    /** XGBoost refuses brackets and less-than signs in names; two names never become one. */
    private static String unique(String name, Set<String> used) {
        String allowed = name.replace('[', '(').replace(']', ')').replace('<', '(');
        String candidate = allowed;
        for (int i = 2; !used.add(candidate); i++) {
            candidate = allowed + "~" + i;
        }
        return candidate;
    }

    /** Reads {@code features.json}. @throws Problem where it is not one, or of a later version */
    public static Features read(byte[] json) {
        try {
            Document document = Json.read(json, Document.class);
            if (document.v > V) {
                throw Problem.invalid("features.json v", document.v, "at most " + V + "; a newer Plimsoll wrote it");
            }
            return new Features(document);
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "features.json: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    /** The bytes of {@code features.json}; the same features, the same bytes. */
    public byte[] write() {
        return CanonicalJson.bytes(document);
    }

    /** The raw columns needed. */
    public Schema inputs() {
        return document.inputs;
    }

    public List<Feature> features() {
        return document.features;
    }

    /** The names of x's columns, in order. */
    public List<String> names() {
        return names;
    }

    /** x as columns. */
    Schema encoded() {
        return new Schema(names.stream()
                .map(name -> Column.optional(name, ColumnType.NUMBER))
                .toList());
    }

    /** The number of x's columns. */
    public int width() {
        return names.size();
    }

    /**
     * The matrix x of these rows: row-major, {@link #width} columns, NaN where missing.
     *
     * @param precision that the engine computes in; values are rounded to it once, at the end
     * @throws Problem where an input is missing or of another type, a required value is missing, a category is refused, or a
     *     number is beyond the precision
     */
    public double[] encode(Columns raw, Precision precision) {
        int[] places = places(raw.schema());
        double[] x = new double[Math.multiplyExact(raw.rows(), width())];
        for (int i = 0; i < encoders.length; i++) {
            encoders[i].encode(raw, places[i], x, width(), precision);
        }
        return x;
    }

    private int[] places(Schema schema) {
        Binding binding = last;
        if (binding.schema != schema
                && !binding.schema.equals(schema)) { // each request brings its own, mostly the same
            binding = new Binding(schema, bound(schema));
            last = binding;
        }
        return binding.places;
    }

    private int[] bound(Schema schema) {
        new Signature(document.inputs, List.of()).check(schema);
        int[] places = new int[encoders.length];
        for (int i = 0; i < places.length; i++) {
            String name = document.features.get(i).column;
            places[i] = schema.find(name).isPresent() ? schema.index(name) : ColumnEncoder.ABSENT;
        }
        return places;
    }
}
