package org.plimsoll.scoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Json;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;

/**
 * A model loaded, asked and closed a thousand times: what the process holds must not grow.
 *
 * <pre>
 *  java -Xmx256m … org.plimsoll.scoring.Reloading MODEL.json|MODEL.ubj|MODEL.txt      trees
 *  java -Xmx256m … org.plimsoll.scoring.Reloading FOLDER                              a model.onnx with its about.json
 * </pre>
 */
public final class Reloading {

    private static final int STEP = 100;
    private static final int ROWS = 40;

    private Reloading() {}

    /** @param arguments the model, and how many times if not a thousand */
    public static void main(String[] arguments) throws IOException {
        Path given = Path.of(arguments[0]);
        Runnable once = Files.isDirectory(given) ? onnx(given) : trees(given);
        int times = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
        for (int i = 1; i <= times; i++) {
            once.run();
            if (i % STEP == 0) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                System.out.println(String.format(
                        Locale.ROOT,
                        "%,5d loads: %,d KiB of the heap, %,d KiB resident",
                        i,
                        (runtime.totalMemory() - runtime.freeMemory()) >> 10,
                        resident()));
            }
        }
    }

    private static Runnable trees(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return () -> {
            try (TreeEngine engine = LightgbmFile.is(bytes)
                    ? LightgbmFile.read(file.toString(), bytes)
                    : XgboostFile.read(file.toString(), bytes)) {
                engine.score(new double[engine.features() * ROWS], ROWS);
            }
        };
    }

    /** By ONNX Runtime, whatever our own engines know: it is what holds memory outside of the heap. */
    private static Runnable onnx(Path folder) throws IOException {
        var about = Json.MAPPER.readTree(Files.readAllBytes(folder.resolve("about.json")));
        Schema schema = new Schema(about.path("columns")
                .valueStream()
                .map(column -> Column.optional(column.path("name").asString(), ColumnType.NUMBER))
                .toList());
        ColumnsBuilder builder = Columns.builder(schema, ROWS);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < schema.size(); column++) {
                builder.number(column, row - 0.5 * column);
            }
            builder.endRow();
        }
        Columns rows = builder.build();
        Task task = Task.of(Task.Kind.of(about.path("task").asString()), "label");
        MlflowFolder mlflow = new MlflowFolder(MlflowFolder.Flavour.ONNX, "model.onnx", "", java.util.List.of());
        Engines.Asked asked =
                new Engines.Asked(folder, mlflow, task, schema, Optional.empty(), false, rows, Optional.empty());
        return () -> {
            try (Engine engine = Engines.open(asked)) {
                ((ColumnEngine) engine).score(rows);
            }
        };
    }

    private static long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("this system does not tell how much memory a process has");
    }
}
