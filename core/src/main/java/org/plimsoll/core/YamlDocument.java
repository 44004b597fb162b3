package org.plimsoll.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A YAML file that a person wrote: what it says, and where each part of it stands, so that an error can point at the place.
 *
 * <p>YAML 1.2 with the core schema ({@code no} is a word). What people do not write by hand is refused: more than 1 MiB,
 * 50,000 values or 64 levels, aliases, duplicate keys, several documents, infinity and not-a-number. JSON is YAML too.
 */
public final class YamlDocument {

    private static final int MOST_CODE_POINTS = 1 << 20;
    private static final int MOST_VALUES = 50_000;
    private static final int DEEPEST = 64;
    private static final Set<Tag> TAGS =
            Set.of(Tag.MAP, Tag.SEQ, Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL); // no tag of a language's own

    /** Where a value stands, and the key that names it; lines and columns count from 0. */
    private record Place(Mark key, Mark value) {}

    private final String file;
    private final List<String> lines;
    private final Map<String, Place> places = new HashMap<>();
    private final JsonNode tree;

    private YamlDocument(YamlDocument written, JsonNode tree) {
        this.file = written.file;
        this.lines = written.lines;
        this.places.putAll(written.places);
        this.tree = tree;
    }

    private YamlDocument(String file, String text) {
        this.file = file;
        this.lines = text.lines().toList();
        try {
            refuseExcess(text);
            Node root = new Compose(settings())
                    .composeString(text)
                    .orElseThrow(() -> Problem.of(Problem.Kind.INVALID, file + " is empty", Map.of("file", file)));
            this.tree = read(root, "", mark(root));
        } catch (MarkedYamlEngineException e) {
            throw e.getProblemMark().map(mark -> at(mark, e.getProblem())).orElseGet(() -> unplaced(e));
        } catch (YamlEngineException e) {
            throw unplaced(e);
        }
    }

    /**
     * Reads a document.
     *
     * @param file what errors call it
     * @throws Problem INVALID, with line and column, where it is not YAML as described above
     */
    public static YamlDocument parse(String file, String text) {
        return new YamlDocument(file, text);
    }

    /** What it says, as JSON. */
    public JsonNode tree() {
        return tree;
    }

    /**
     * The same document with other values where the file has them; errors still point into the file.
     *
     * @param change gets the JSON pointer and the value of each text, number, truth value and null
     */
    public YamlDocument with(BiFunction<String, JsonNode, JsonNode> change) {
        return new YamlDocument(this, changed("", tree, change));
    }

    private static JsonNode changed(String pointer, JsonNode node, BiFunction<String, JsonNode, JsonNode> change) {
        if (node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            node.forEachEntry((key, value) -> object.set(key, changed(pointer + "/" + escaped(key), value, change)));
            return object;
        } else if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(value -> array.add(changed(pointer + "/" + array.size(), value, change)));
            return array;
        }
        return change.apply(pointer, node);
    }

    /** The record it says. @throws Problem INVALID, pointing at the place, where it is not one */
    public <T> T read(Class<T> type) {
        return read("", type);
    }

    /** The record that a part of it says. @param pointer a JSON pointer to the part, such as {@code /steps/train} */
    public <T> T read(String pointer, Class<T> type) {
        JsonNode part = tree.at(pointer);
        if (part.isMissingNode()) {
            throw missing(pointer);
        }
        try {
            return Json.MAPPER.treeToValue(part, type);
        } catch (JacksonException e) {
            throw explained(pointer, e);
        }
    }

    /** A problem with a key; the likely word among the known ones is offered. */
    public Problem problem(String pointer, String why, Collection<String> known) {
        String offer = Spelling.nearest(lastOf(pointer), known)
                .map(word -> "did you mean `" + word + "`?")
                .orElse(known.isEmpty() ? "" : "known are " + String.join(", ", new TreeSet<>(known)));
        return at(nearest(pointer).key, why, lastOf(pointer).length(), offer);
    }

    /** A problem with a value. */
    public Problem problemAtValue(String pointer, String why) {
        return at(nearest(pointer).value, why);
    }

    private LoadSettings settings() {
        return LoadSettings.builder()
                .setLabel(file)
                .setSchema(new CoreSchema())
                .setCodePointLimit(MOST_CODE_POINTS)
                .build();
    }

    /** Counts before composing, because composing nested collections recurses. */
    private void refuseExcess(String text) {
        int depth = 0;
        int values = 0;
        for (Event event : new Parse(settings()).parseString(text)) {
            if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
                throw at(
                        event.getStartMark().orElseThrow(),
                        "anchors and aliases are not used here; write the value out");
            }
            if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                throw at(event.getStartMark().orElseThrow(), "more than " + DEEPEST + " levels");
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (++values > MOST_VALUES) {
                throw at(event.getStartMark().orElseThrow(), "more than " + MOST_VALUES + " values");
            }
        }
    }

    private JsonNode read(Node node, String pointer, Mark key) {
        places.put(pointer, new Place(key, mark(node)));
        if (!TAGS.contains(node.getTag())) {
            throw at(mark(node), "the tag " + node.getTag() + " is not used here");
        }
        return switch (node) {
            case MappingNode mapping -> readMapping(mapping, pointer);
            case SequenceNode sequence -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (Node element : sequence.getValue()) {
                    array.add(read(element, pointer + "/" + array.size(), mark(element)));
                }
                yield array;
            }
            case ScalarNode scalar -> readScalar(scalar);
            default -> throw at(mark(node), "a value of a kind that is not used here");
        };
    }

    private ObjectNode readMapping(MappingNode mapping, String pointer) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            Mark at = mark(entry.getKeyNode());
            if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                throw at(at, "a key must be a word");
            }
            String child = pointer + "/" + escaped(name.getValue());
            if (object.has(name.getValue())) {
                throw at(
                        at,
                        "`" + name.getValue() + "` stands here twice",
                        name.getValue().length(),
                        "");
            }
            object.set(name.getValue(), read(entry.getValueNode(), child, at));
        }
        return object;
    }

    private JsonNode readScalar(ScalarNode scalar) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return json.stringNode(text);
        } else if (tag.equals(Tag.BOOL)) {
            return json.booleanNode(Boolean.parseBoolean(text));
        } else if (tag.equals(Tag.NULL)) {
            return json.nullNode();
        }
        try {
            if (tag.equals(Tag.INT)) {
                return json.numberNode(integer(text));
            } else if (tag.equals(Tag.FLOAT)) {
                double value = Double.parseDouble(text);
                if (Double.isFinite(value)) {
                    return json.numberNode(value);
                }
            }
        } catch (NumberFormatException e) {
            throw at(mark(scalar), text + " is not a number that is used here");
        }
        throw at(mark(scalar), text + " is not a value that is used here");
    }

    private static long integer(String text) {
        if (text.startsWith("0o")) {
            return Long.parseLong(text.substring(2), 8);
        }
        return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
    }

    private static Mark mark(Node node) {
        return node.getStartMark().orElseThrow(); // marks are on by default
    }

    /** Says what Jackson found in the words of the file, without the names of classes. */
    private Problem explained(String part, JacksonException e) {
        String pointer = part + pointer(e);
        if (e instanceof UnrecognizedPropertyException unknown) {
            Collection<Object> ids = unknown.getKnownPropertyIds();
            return problem(
                    pointer,
                    "`" + unknown.getPropertyName() + "` is not a key here",
                    ids == null ? List.of() : ids.stream().map(String::valueOf).toList());
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problemAtValue(pointer, problem.detail());
            }
        }
        if (!places.containsKey(pointer)) {
            return missing(pointer);
        }
        if (e instanceof InvalidFormatException wrong) {
            Class<?> target = wrong.getTargetType();
            return problemAtValue(pointer, "`" + wrong.getValue() + "` is not " + expected(target));
        }
        return problemAtValue(pointer, "not what is expected at `" + lastOf(pointer) + "`");
    }

    /** A missing key may be there, misspelt: then the problem points at that one. */
    private Problem missing(String pointer) {
        String parent = pointer.substring(0, pointer.lastIndexOf('/') + 1);
        String why = "`" + lastOf(pointer) + "` is missing";
        Collection<String> siblings = nearestObject(pointer).propertyNames();
        return Spelling.nearest(lastOf(pointer), siblings)
                .map(likely -> problem(parent + likely, why, List.of(lastOf(pointer))))
                .orElseGet(() -> at(nearest(pointer).key, why));
    }

    private JsonNode nearestObject(String pointer) {
        JsonNode node = tree.at(pointer.substring(0, pointer.lastIndexOf('/')));
        return node.isObject() ? node : JsonNodeFactory.instance.objectNode();
    }

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + String.join(
                            ", ",
                            List.of(type.getEnumConstants()).stream()
                                    .map(String::valueOf)
                                    .toList());
        } else if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        } else if (type == long.class || type == int.class || type == Long.class || type == Integer.class) {
            return "a whole number";
        } else if (type == double.class || type == Double.class) {
            return "a number";
        }
        return "a "
                + type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
    }

    private static String pointer(JacksonException e) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            pointer.append('/');
            if (step.getPropertyName() == null) {
                pointer.append(step.getIndex());
            } else {
                pointer.append(escaped(step.getPropertyName()));
            }
        }
        return pointer.toString();
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static String lastOf(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1)
                .replace("~1", "/")
                .replace("~0", "~");
    }

    /** The place of this part, or of the nearest that encloses it. */
    private Place nearest(String pointer) {
        for (String at = pointer; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
            Place place = places.get(at);
            if (place != null) {
                return place;
            }
        }
        return Optional.ofNullable(places.get(""))
                .orElseThrow(() -> new IllegalStateException("the root has no place"));
    }

    private Problem at(Mark mark, String why) {
        return at(mark, why, 1, "");
    }

    private Problem at(Mark mark, String why, int width, String offer) {
        int line = mark.getLine() + 1;
        int column = mark.getColumn() + 1;
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("file", file);
        facts.put("line", line);
        facts.put("column", column);
        String head = file + ":" + line + ":" + column + ": " + why;
        if (line > lines.size()) {
            return Problem.of(Problem.Kind.INVALID, head + (offer.isEmpty() ? "" : "; " + offer), facts);
        }
        String number = "%4d".formatted(line);
        String pointing = " ".repeat(column - 1) + "^".repeat(Math.max(1, width));
        String picture = number + " | " + lines.get(line - 1) + "\n" + " ".repeat(number.length()) + " | " + pointing;
        return Problem.of(Problem.Kind.INVALID, head + "\n" + picture + (offer.isEmpty() ? "" : " " + offer), facts);
    }

    private Problem unplaced(YamlEngineException e) {
        return Problem.of(Problem.Kind.INVALID, file + ": " + e.getMessage(), Map.of("file", file));
    }
}
