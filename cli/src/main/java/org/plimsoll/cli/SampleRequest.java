package org.plimsoll.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Json;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Task;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folders;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One row that a model knows, as a request of the Open Inference Protocol: what a person sends first.
 *
 * @param body its JSON
 */
record SampleRequest(String body) {

    /** Longer ones are put into a file. */
    private static final int LONGEST_LINE = 1_500;

    private static final String FILE = "request.json";

    /** A golden row of this artifact, one without gaps where there is one. */
    static SampleRequest of(Digest artifact, BlobStore blobs, Path scratch) {
        Path folder = scratch.resolve("sample-" + Ids.next());
        try {
            Folders.restore(blobs, artifact, folder);
            ModelArtifact model = ModelArtifact.open(folder);
            Columns rows = model.golden().rows();
            int row = IntStream.range(0, rows.rows())
                    .filter(each ->
                            IntStream.range(0, rows.schema().size()).noneMatch(column -> rows.isMissing(column, each)))
                    .findFirst()
                    .orElse(0);
            ObjectNode request = request(rows.slice(row, row + 1));
            companion(request, model.task(), rows);
            return new SampleRequest(Json.text(request));
        } finally {
            Folder.remove(folder);
        }
    }

    /** The entity decides who answers, so it must be sent, also where the model does not look at it. */
    private static void companion(ObjectNode request, Task task, Columns rows) {
        task.entity().filter(entity -> !rows.schema().has(entity)).ifPresent(entity -> {
            ObjectNode input = ((ArrayNode) request.get("inputs")).addObject();
            input.put("name", entity).put("datatype", "BYTES");
            input.putArray("shape").add(1);
            input.putArray("data").add("example");
        });
    }

    /** Rows as tensors, one a column. */
    static ObjectNode request(Columns rows) {
        ObjectNode request = Json.MAPPER.createObjectNode();
        ArrayNode inputs = request.putArray("inputs");
        for (int column = 0; column < rows.schema().size(); column++) {
            ColumnType type = rows.schema().columns().get(column).type();
            ObjectNode input = inputs.addObject();
            input.put("name", rows.schema().columns().get(column).name());
            input.put(
                    "datatype",
                    switch (type) {
                        case BOOLEAN -> "BOOL";
                        case INTEGER, TIMESTAMP -> "INT64";
                        case NUMBER -> "FP64";
                        case TEXT, CATEGORY -> "BYTES";
                    });
            input.putArray("shape").add(rows.rows());
            ArrayNode data = input.putArray("data");
            for (int row = 0; row < rows.rows(); row++) {
                add(data, rows, column, row, type);
            }
        }
        return request;
    }

    private static void add(ArrayNode data, Columns rows, int column, int row, ColumnType type) {
        if (rows.isMissing(column, row)) {
            data.addNull();
            return;
        }
        switch (type) {
            case BOOLEAN -> data.add(rows.integer(column, row) == 1);
            case INTEGER, TIMESTAMP -> data.add(rows.integer(column, row));
            case NUMBER -> data.add(rows.number(column, row));
            case TEXT, CATEGORY -> data.add(rows.text(column, row).orElseThrow());
        }
    }

    /** The command that sends it, ready to paste into a shell; a long one reads it from a file that is written here. */
    String curl(URI server, EndpointName endpoint) throws IOException {
        String start = "curl -s " + server.resolve("/v2/models/" + endpoint + "/infer") + " -d ";
        if (body.length() <= LONGEST_LINE) {
            return start + "'" + body.replace("'", "'\\''") + "'";
        }
        Files.writeString(Path.of(FILE), body);
        return start + "@" + FILE;
    }
}
