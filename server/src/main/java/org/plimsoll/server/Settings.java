package org.plimsoll.server;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spans;
import org.plimsoll.core.YamlDocument;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration of one home: a record for each room, each value from the first place that has it.
 *
 * <pre>
 *   flag              --port 8081             up only, for what one changes often
 *   environment       PLIMSOLL_SERVER_PORT    PLIMSOLL_ROOM_KEY
 *   plimsoll.yaml     server: {port: 8081}    in the home
 *   default           the room's own record
 * </pre>
 *
 * Durations are written as people do (12h). A value {@code env:NAME} or {@code file:PATH} stands for what is there: the way to
 * hand in a secret, which is never printed. An unknown key is refused with its line and the likely word.
 */
public final class Settings {

    /** The file in a home. */
    public static final String FILE = "plimsoll.yaml";

    /** One value and where it came from; a referenced one as its reference. */
    public record Line(String key, String value, String origin) {}

    private record Given(JsonNode value, String origin, boolean isFile) {}

    private final Optional<YamlDocument> file;
    private final Map<String, String> environment;
    private final Map<String, String> flags;
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, List<String>> known = new TreeMap<>();

    Settings(Optional<YamlDocument> file, Map<String, String> environment, Map<String, String> flags) {
        this.file = file;
        this.environment = Map.copyOf(environment);
        this.flags = Map.copyOf(flags);
    }

    /**
     * The settings of this home.
     *
     * @param flags what was given on the command line, {@code room.key} to value
     */
    public static Settings of(Path home, Map<String, String> environment, Map<String, String> flags) {
        Path path = home.resolve(FILE);
        try {
            String text = Files.exists(path) ? Files.readString(path) : "";
            boolean saysSomething = text.lines()
                    .anyMatch(line -> !line.isBlank() && !line.strip().startsWith("#"));
            Optional<YamlDocument> document =
                    saysSomething ? Optional.of(YamlDocument.parse(path.toString(), text)) : Optional.empty();
            return new Settings(document, environment, flags);
        } catch (IOException e) {
            throw Problem.invalid(path.toString(), "not readable (" + e.getMessage() + ")", "a YAML file");
        }
    }

    /** The room's configuration: its defaults, with whatever was given instead. */
    public <C extends Record> C room(String room, C defaults) {
        ObjectNode values = Json.MAPPER.valueToTree(defaults);
        List<String> keys = new ArrayList<>();
        for (RecordComponent component : defaults.getClass().getRecordComponents()) {
            String key = snake(component.getName());
            keys.add(key);
            Optional<Given> given = given(room, key);
            given.ifPresent(it -> values.set(key, converted(room, key, component, it)));
            lines.add(new Line(
                    room + "." + key,
                    given.map(it -> plain(it.value())).orElse(plain(values.path(key))),
                    given.map(Given::origin).orElse("default")));
        }
        known.put(room, keys);
        return read(room, values, defaults);
    }

    /** Refuses what no room asked for, with its place and the likely word. Call once every room has its record. */
    public void refuseUnknown() {
        if (file.isEmpty()) {
            return;
        }
        YamlDocument document = file.get();
        if (!document.tree().isObject()) {
            throw document.problemAtValue("", "the rooms and their keys are expected here");
        }
        for (Map.Entry<String, JsonNode> room : document.tree().properties()) {
            List<String> keys = known.getOrDefault(room.getKey(), List.of());
            if (!known.containsKey(room.getKey())) {
                throw document.problem(
                        "/" + room.getKey(), "`" + room.getKey() + "` is not a room with settings", known.keySet());
            }
            for (Map.Entry<String, JsonNode> key : room.getValue().properties()) {
                if (!keys.contains(key.getKey())) {
                    throw document.problem(
                            "/" + room.getKey() + "/" + key.getKey(),
                            "`" + key.getKey() + "` is not a setting of " + room.getKey(),
                            new TreeSet<>(keys));
                }
            }
        }
    }

    /** Every value and where it came from, in the order the rooms asked. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    private Optional<Given> given(String room, String key) {
        String flag = flags.get(room + "." + key);
        if (flag != null) {
            return Optional.of(new Given(text(flag), "flag", false));
        }
        String name = "PLIMSOLL_" + (room + "_" + key).toUpperCase(Locale.ROOT);
        String variable = environment.get(name);
        if (variable != null) {
            return Optional.of(new Given(text(variable), name, false));
        }
        return file.map(document -> document.tree().path(room).path(key))
                .filter(node -> !node.isMissingNode() && !node.isNull())
                .map(node -> new Given(node, FILE, true));
    }

    private JsonNode converted(String room, String key, RecordComponent component, Given given) {
        JsonNode value = given.value();
        if (value.isString()) {
            value = text(resolved(room, key, value.asString()));
        }
        String type = component.getGenericType().getTypeName();
        if (value.isString() && type.contains(Duration.class.getName())) {
            try {
                return text(Spans.parse(value.asString()).toString());
            } catch (Problem problem) {
                throw located(room, key, given, problem);
            }
        }
        if (value.isString() && type.startsWith(List.class.getName())) {
            var list = Json.MAPPER.createArrayNode();
            for (String one : value.asString().split(",")) {
                list.add(one.strip());
            }
            return list;
        }
        return value;
    }

    private <C extends Record> C read(String room, ObjectNode values, C defaults) {
        try {
            @SuppressWarnings("unchecked") // the class of C's own instance
            Class<C> type = (Class<C>) defaults.getClass();
            return Json.MAPPER.treeToValue(values, type);
        } catch (JacksonException e) {
            String key = e.getPath().isEmpty()
                    ? ""
                    : String.valueOf(e.getPath().getFirst().getPropertyName());
            Problem why = e.getCause() instanceof Problem spoken
                    ? spoken
                    : Problem.invalid(room + "." + key, plain(values.path(key)), "another kind of value");
            String named = key.isEmpty() ? String.valueOf(why.facts().getOrDefault("field", "")) : key;
            throw located(room, named, given(room, named), why);
        }
    }

    private Problem located(String room, String key, Optional<Given> given, Problem why) {
        return given.map(it -> located(room, key, it, why)).orElse(why);
    }

    private Problem located(String room, String key, Given given, Problem why) {
        return given.isFile() && file.isPresent()
                ? file.get().problemAtValue("/" + room + "/" + key, why.detail())
                : Problem.of(Problem.Kind.INVALID, given.origin() + ": " + why.detail());
    }

    private String resolved(String room, String key, String value) {
        if (value.startsWith("env:")) {
            String variable = environment.get(value.substring(4));
            if (variable == null) {
                throw Problem.invalid(room + "." + key, value, "a variable that is set in the environment");
            }
            return variable;
        }
        if (value.startsWith("file:")) {
            try {
                return Files.readString(Path.of(value.substring(5))).strip();
            } catch (IOException e) {
                throw Problem.invalid(room + "." + key, value, "a file that can be read");
            }
        }
        return value;
    }

    private static JsonNode text(String value) {
        return Json.MAPPER.getNodeFactory().stringNode(value);
    }

    private static String plain(JsonNode value) {
        return value.isMissingNode() ? "" : value.isString() ? value.asString() : value.toString();
    }

    private static String snake(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
