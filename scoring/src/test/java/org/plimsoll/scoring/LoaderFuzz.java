package org.plimsoll.scoring;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;

/**
 * What a fuzzer calls with bytes of its own: each loader of model files, and what is done with a model that it lets through.
 * {@link Problem} is the only way out; any other exception, an error of memory or a hang is a finding. {@link LoaderFuzzTest} runs
 * them over the models in the repository and mutations of those, and Jazzer guided by coverage:
 *
 * <pre>
 *  ./build -Pfuzz -pl scoring -am process-test-classes
 *  sh scoring/src/test/fuzz.sh XgboostJson 120
 * </pre>
 */
final class LoaderFuzz {

    /** Models of more features than these are loaded and not asked: a row alone would take what bounds the run. */
    private static final int MOST_FEATURES = 1_000;

    /** Of one file in a folder. */
    private static final int MOST_BYTES = 1 << 20;

    private LoaderFuzz() {}

    /** XGBoost's JSON. */
    public static final class XgboostJson {
        public static void fuzzerTestOneInput(byte[] data) {
            xgboost("model.json", data);
        }
    }

    /** XGBoost's Universal Binary JSON. */
    public static final class XgboostUbj {
        public static void fuzzerTestOneInput(byte[] data) {
            xgboost("model.ubj", data);
        }
    }

    /** LightGBM's text. */
    public static final class LightgbmText {
        public static void fuzzerTestOneInput(byte[] data) {
            try (TreeEngine engine = LightgbmFile.read("model.txt", data)) {
                asked(engine);
                explained(LightgbmFile.explainer("model.txt", data), engine.features());
            } catch (Problem _) {
                // refused with a reason
            }
        }
    }

    /** ONNX, as far as we execute it ourselves. */
    public static final class Onnx {
        public static void fuzzerTestOneInput(byte[] data) {
            for (Task.Kind kind : new Task.Kind[] {Task.Kind.BINARY, Task.Kind.MULTICLASS, Task.Kind.REGRESSION}) {
                try {
                    OnnxModel model = OnnxModel.read("model.onnx", data);
                    OnnxFile.classes(model);
                    OnnxGraph.recognise(model, Task.of(kind, "label"), Optional.empty())
                            .ifPresent(LoaderFuzz::asked);
                } catch (Problem _) {
                    // refused with a reason
                }
            }
        }
    }

    /** The file MLmodel of a folder. */
    public static final class Mlmodel {
        public static void fuzzerTestOneInput(byte[] data) {
            try {
                MlflowFolder.read(new String(data, StandardCharsets.UTF_8));
            } catch (Problem _) {
                // refused with a reason
            }
        }
    }

    /** features.json, and a row whose values are all missing. */
    public static final class FeaturesJson {
        public static void fuzzerTestOneInput(byte[] data) {
            try {
                Features features = Features.read(data);
                if (features.width() <= MOST_FEATURES) {
                    ColumnsBuilder row = Columns.builder(features.inputs(), 1);
                    features.encode(row.endRow().build(), Precision.SINGLE);
                }
            } catch (Problem _) {
                // refused with a reason
            }
        }
    }

    /** The other parts of an artifact: task.json, golden.json, profile.json, and the file of a linear model. */
    public static final class Parts {
        public static void fuzzerTestOneInput(byte[] data) {
            for (Runnable part : new Runnable[] {
                () -> ModelArtifact.readTask(data),
                () -> GoldenRows.read(data),
                () -> TrainingProfile.read(data),
                () -> LinearFile.read("model.linear.json", data).close()
            }) {
                try {
                    part.run();
                } catch (Problem _) {
                    // refused with a reason
                }
            }
        }
    }

    /** A whole folder as MLflow writes it, packed as a zip; what asks for ONNX Runtime or Python is left to those. */
    public static final class Folder {

        private static final Columns SAMPLE = sample();

        public static void fuzzerTestOneInput(byte[] data) throws IOException {
            Path folder = Files.createTempDirectory("fuzzed");
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(data))) {
                boolean isOurs = true;
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    if (!entry.getName().matches("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,30}")) {
                        continue; // what the file system refuses is not the loader's
                    }
                    byte[] content = zip.readNBytes(MOST_BYTES);
                    Files.write(folder.resolve(entry.getName()), content);
                    isOurs &= !new String(content, StandardCharsets.ISO_8859_1).contains("onnx");
                }
                if (isOurs) {
                    Task task = Task.of(Task.Kind.BINARY, "label");
                    ModelArtifact.from(folder, folder.resolve("artifact"), task, SAMPLE, 1);
                }
            } catch (Problem | EOFException | ZipException _) {
                // refused with a reason, or no zip at all
            } finally {
                remove(folder);
            }
        }

        private static Columns sample() {
            Schema schema = Schema.of(
                    Column.required("age", ColumnType.NUMBER),
                    Column.required("income", ColumnType.NUMBER),
                    Column.required("score", ColumnType.NUMBER));
            ColumnsBuilder rows = Columns.builder(schema, 8);
            for (int row = 0; row < 8; row++) {
                rows.number(0, 20 + row)
                        .number(1, 1_000 * row)
                        .number(2, row % 3)
                        .endRow();
            }
            return rows.build();
        }

        private static void remove(Path folder) throws IOException {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void xgboost(String file, byte[] data) {
        try (TreeEngine engine = XgboostFile.read(file, data)) {
            asked(engine);
            explained(XgboostFile.explainer(file, data), engine.features());
        } catch (Problem _) {
            // refused with a reason
        }
    }

    private static void asked(MatrixEngine engine) {
        if (engine.features() <= MOST_FEATURES) {
            double[] x = new double[engine.features() * 5];
            for (int i = 0; i < x.length; i++) {
                x[i] = i % 7 == 0 ? Double.NaN : i % 3 - 1;
            }
            engine.score(x, 5);
        }
    }

    private static void explained(Attribution attribution, int features) {
        if (features <= MOST_FEATURES) {
            attribution.explain(new double[features], 1);
        }
    }
}
