package org.plimsoll.floors;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Checkout;

/** The table in ARCHITECTURE.md is the law: a room uses only rooms on smaller floors, in its pom.xml and in its classes. */
class FloorsTest {

    private static final String HOUSE = "org.plimsoll.";
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([^|]+) \\|.*");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern ON_ROOM = Pattern.compile(
            "<dependency>\\s*<groupId>org\\.plimsoll</groupId>\\s*<artifactId>plimsoll-([a-z-]+)</artifactId>(.*?)</dependency>",
            Pattern.DOTALL);

    /** Each room's folder, such as {@code edges/api}, and its floor. */
    private static final Map<String, Integer> FLOORS = floors();

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.plimsoll");

    @Test
    void table_hasEveryModule_andNoOther() throws IOException {
        List<String> modules = MODULE.matcher(Files.readString(Checkout.resolve("pom.xml")))
                .results()
                .map(m -> m.group(1))
                .filter(module -> !module.startsWith("benchmarks"))
                .toList();
        assertThat(FLOORS.keySet()).containsExactlyInAnyOrderElementsOf(modules);
        assertThat(FLOORS).hasSizeGreaterThan(15);
    }

    /** Else a room's tests would run in the inner loop and nowhere else. */
    @Test
    void testsOfEveryRoom_runWithThoseOfTheHouse() throws IOException {
        String together = Files.readString(Checkout.resolve("checks/rooms/pom.xml"));
        List<String> alone = List.of("checks/rooms", "checks/end-to-end");
        for (String room : FLOORS.keySet()) {
            for (String what : List.of("java", "resources")) {
                String folder = room + "/src/test/" + what;
                if (Files.isDirectory(Checkout.resolve(folder)) && !alone.contains(room)) {
                    assertThat(together).contains("${house}/" + folder + "<");
                }
            }
        }
    }

    @Test
    void poms_dependOnRooms_onlyOnSmallerFloors() throws IOException {
        var upward = new ArrayList<String>();
        int seen = 0;
        for (String room : FLOORS.keySet()) {
            Matcher on = ON_ROOM.matcher(Files.readString(Checkout.resolve(room + "/pom.xml")));
            while (on.find()) {
                seen++;
                boolean ofItsOwnFloor = on.group(2).contains("<type>test-jar</type>");
                if (floor(on.group(1)) > floor(name(room))
                        || floor(on.group(1)) == floor(name(room)) && !ofItsOwnFloor) {
                    upward.add(room + " (floor " + floor(name(room)) + ") uses " + on.group(1) + " (floor "
                            + floor(on.group(1)) + ")");
                }
            }
        }
        assertThat(seen).as("dependencies between rooms").isGreaterThan(20);
        assertThat(upward).isEmpty();
    }

    @Test
    void classes_dependOnRooms_onlyOnSmallerFloors() {
        var upward = new ArrayList<String>();
        int seen = 0;
        for (var from : CLASSES) {
            for (var dependency : from.getDirectDependenciesFromSelf()) {
                String to = dependency.getTargetClass().getPackageName();
                if (!to.startsWith(HOUSE) || room(to).equals(room(from.getPackageName()))) {
                    continue;
                }
                seen++;
                if (floor(room(to)) >= floor(room(from.getPackageName()))) {
                    upward.add(dependency.getDescription());
                }
            }
        }
        assertThat(seen).as("dependencies between classes of different rooms").isGreaterThan(100);
        assertThat(upward).isEmpty();
    }

    /** Request and reply records are named in one JSON Schema for the whole house, by their simple names. */
    @Test
    void requests_ofAllRooms_haveUniqueNames() {
        var byName = new TreeMap<String, List<String>>();
        for (var type : CLASSES) {
            if (type.isRecord()
                    && type.getAllRawInterfaces().stream()
                            .anyMatch(i -> i.getName().equals(HOUSE + "access.Request"))) {
                byName.computeIfAbsent(type.getSimpleName(), name -> new ArrayList<>())
                        .add(type.getName());
            }
        }
        assertThat(byName).isNotEmpty();
        assertThat(byName.values()).allSatisfy(types -> assertThat(types).hasSize(1));
    }

    /** Drawers for leftovers: a function lives with the noun it serves. */
    @Test
    void classes_areNamedByNouns_notByLayers() {
        var drawers = CLASSES.stream()
                .filter(type -> !type.getModifiers().contains(JavaModifier.SYNTHETIC))
                .map(type -> type.getSimpleName())
                .filter(name -> name.matches(".*(Utils?|Helper|Manager|Impl|Dto|Dao)"))
                .toList();
        assertThat(drawers).isEmpty();
    }

    private static Map<String, Integer> floors() {
        var floors = new TreeMap<String, Integer>();
        for (String line : lines(Checkout.resolve("ARCHITECTURE.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Stream.of(row.group(2).replace("`", "").strip().split("\\s+"))
                        .forEach(room -> floors.put(room, Integer.valueOf(row.group(1))));
            }
        }
        return floors;
    }

    private static int floor(String name) {
        return FLOORS.entrySet().stream()
                .filter(entry -> name(entry.getKey()).equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("ARCHITECTURE.md has no floor for the room " + name));
    }

    private static String name(String folder) {
        return folder.substring(folder.lastIndexOf('/') + 1);
    }

    /** The room of a package: {@code org.plimsoll.serving} and whatever may lie below it. */
    private static String room(String packageName) {
        String rest = packageName.substring(HOUSE.length());
        return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
