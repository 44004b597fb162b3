package org.plimsoll.scoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How long a model file takes to load, and what it then holds in memory beside the flat form: 17 bytes a node (feature,
 * threshold, left child, leaf: 4 each; direction: 1).
 *
 * <pre>
 *  java … org.plimsoll.scoring.Loading FILE
 * </pre>
 */
public final class Loading {

    private static final int BYTES_A_NODE = 17;

    private Loading() {}

    /** @param arguments the model file */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        for (int round = 0; round < 5; round++) {
            byte[] bytes = Files.readAllBytes(file);
            long before = held();
            long began = System.nanoTime();
            TreeEngine engine = LightgbmFile.is(bytes)
                    ? LightgbmFile.read(file.toString(), bytes)
                    : XgboostFile.read(file.toString(), bytes);
            double seconds = (System.nanoTime() - began) / 1e9;
            long memory = held() - before;
            long nodes = engine.trees().nodes();
            System.out.println(String.format(
                    Locale.ROOT,
                    "%,d bytes, %,d nodes: %.2f s; %,d bytes held, %.2f of the flat form",
                    bytes.length,
                    nodes,
                    seconds,
                    memory,
                    (double) memory / (nodes * BYTES_A_NODE)));
        }
    }

    private static long held() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
