package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.plimsoll.core.Problem;

/** Model files come from anywhere: whatever they hold, the answer is a model that scores or a Problem, in bounded memory. */
class HostileModelsTest {

    static List<Path> models() throws IOException, URISyntaxException {
        List<Path> all = ReferenceModelsTest.models();
        // one in four: json and ubj, with and without categories, dart
        return all.stream()
                .filter(path -> path.hashCode() % 2 == 0 || path.toString().endsWith("0"))
                .limit(24)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("models")
    void truncatedModel_anywhere_isAProblem(Path folder) throws IOException {
        ReferenceModelsTest.Reference reference = ReferenceModelsTest.Reference.read(folder);
        byte[] model = reference.model();
        // what LightGBM writes behind its trees tells of the training, and is not read
        int end = new String(model, StandardCharsets.ISO_8859_1).indexOf("\nend of trees\n");
        int length = end < 0 ? model.length - 2 : end;
        for (int i = 0; i < 30; i++) {
            byte[] part = Arrays.copyOf(model, (int) ((long) length * i / 30));
            assertThatThrownBy(() -> read(reference.file(), part))
                    .as("%s of %s bytes", part.length, model.length)
                    .isInstanceOf(Problem.class);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void mutatedModel_isAProblemOrScores(Path folder) throws IOException {
        ReferenceModelsTest.Reference reference = ReferenceModelsTest.Reference.read(folder);
        long seed = 20_010_101;
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 80; round++) {
            byte[] model = reference.model().clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                model[random.nextInt(model.length)] = (byte) random.nextInt(256);
            }
            try (TreeEngine engine = read(reference.file(), model)) {
                engine.score(new double[engine.features() * 5], 5);
                explained(reference.file(), model).explain(new double[engine.features() * 2], 2);
            } catch (Problem _) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round + " of " + folder, e);
            }
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cycle              | [1,2,0,-1,-1]  | [3,4,4,-1,-1] | [0,0,0,0,0]  | [0.1,0.2,0.3,1,2] | is no tree
            child out of range | [1,9,-1,-1,-1] | [2,4,-1,-1,-1]| [0,0,0,0,0]  | [0.1,0.2,1,1,2]   | is no tree
            child named twice  | [1,2,-1,-1,-1] | [2,3,-1,-1,-1]| [0,0,0,0,0]  | [0.1,0.2,1,1,2]   | is no tree
            one child only     | [1,-1,-1]      | [1,-1,-1]     | [0,0,0]      | [0.1,1,2]         | is no tree
            threshold NaN      | [1,-1,-1]      | [2,-1,-1]     | [0,0,0]      | [NaN,1,2]         | split at NaN
            leaf NaN           | [1,-1,-1]      | [2,-1,-1]     | [0,0,0]      | [0.5,NaN,2]       | has the leaf NaN
            leaf infinite      | [1,-1,-1]      | [2,-1,-1]     | [0,0,0]      | [0.5,1,1e39]      | has the leaf Infinity
            unknown feature    | [1,-1,-1]      | [2,-1,-1]     | [7,0,0]      | [0.5,1,2]         | feature 7
            negative feature   | [1,-1,-1]      | [2,-1,-1]     | [-1,0,0]     | [0.5,1,2]         | feature -1
            different lengths  | [1,-1,-1]      | [2,-1]        | [0,0,0]      | [0.5,1,2]         | different lengths
            no nodes           | []             | []            | []           | []                | has no nodes
            beyond 32 bits     | [1,-1,99999999999] | [2,-1,-1] | [0,0,0]      | [0.5,1,2]         | 32 bits
            words              | [1,-1,"x"]     | [2,-1,-1]     | [0,0,0]      | [0.5,1,2]         | no whole number
            """)
    void wrongTree_isRefusedWithItsReason(
            String what, String left, String right, String features, String conditions, String reason) {
        int nodes = left.split(",").length;
        String flags = left.equals("[]") ? "[]" : "[" + "0,".repeat(nodes - 1) + "0]";
        assertThatThrownBy(() -> read(model(left, right, features, conditions, flags, "")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(reason);
    }

    @Test
    void healthyTree_ofTheSameMaking_isRead() {
        // negative control: the refusals above are not of the form
        try (TreeEngine engine = read(model("[1,-1,-1]", "[2,-1,-1]", "[1,0,0]", "[0.5,1,2]", "[1,0,0]", ""))) {
            assertThat(engine.margins(new double[] {0, 0.4f, 0, 0.6f, 0, Double.NaN}, 3))
                    .containsExactly(1.5, 2.5, 1.5);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [16777215]  | [0]  | [0] | [1] | 0
            [99999999]  | [0]  | [0] | [1] | no category
            [-1]        | [0]  | [0] | [1] | no category
            [1]         | [0]  | [0] | [2] | outside its arrays
            [1]         | [0]  | [-1]| [1] | outside its arrays
            [1]         | [5]  | [0] | [1] | outside its arrays
            [1]         | [1]  | [0] | [1] | by neither
            [1]         | [0]  | []  | [1] | different lengths
            """)
    void wrongCategories_areRefusedWithTheirReason(
            String categories, String nodes, String from, String sizes, String reason) {
        String more = ",\"split_type\":[1,0,0],\"categories\":" + categories + ",\"categories_nodes\":" + nodes
                + ",\"categories_segments\":" + from + ",\"categories_sizes\":" + sizes;
        String model = model("[1,-1,-1]", "[2,-1,-1]", "[1,0,0]", "[0.5,1,2]", "[1,0,0]", more);
        if (reason.equals("0")) {
            assertThat(read(model).margins(new double[] {0, 16_777_215}, 1)).containsExactly(2.5);
        } else {
            assertThatThrownBy(() -> read(model)).isInstanceOf(Problem.class).hasMessageContaining(reason);
        }
    }

    @Test
    void manyTreesOfFarCategories_areRefusedBeforeTheyFillTheMemory() {
        String more = ",\"split_type\":[1,0,0],\"categories\":[16777215],\"categories_nodes\":[0],"
                + "\"categories_segments\":[0],\"categories_sizes\":[1]";
        String tree = tree("[1,-1,-1]", "[2,-1,-1]", "[1,0,0]", "[0.5,1,2]", "[1,0,0]", more);
        String groups = "[" + "0,".repeat(1_999) + "0]";
        assertThatThrownBy(() -> read(document(String.join(",", java.util.Collections.nCopies(2_000, tree)), groups)))
                .hasMessageContaining("too great and too many");
    }

    @Test
    void deeplyNestedFiles_areRefusedWithoutAStackOverflow() {
        byte[] json = ("{\"learner\":" + "[".repeat(200_000)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> XgboostFile.read("model.json", json)).isInstanceOf(Problem.class);
        ByteArrayOutputStream ubj = new ByteArrayOutputStream();
        ubj.writeBytes(new byte[] {'{', 'i', 1, 'x'});
        for (int i = 0; i < 200_000; i++) {
            ubj.write('[');
        }
        assertThatThrownBy(() -> XgboostFile.read("model.ubj", ubj.toByteArray()))
                .hasMessageContaining("levels deep");
    }

    @Test
    void claimOfTenMillionNodes_inAFewBytes_isRefused() {
        byte[] claim = {
            '{', 'i', 1, 'x', '[', '$', 'l', '#', 'l', 0x00, (byte) 0x98, (byte) 0x96, (byte) 0x80, 1, 2, 3, 4
        };
        assertThatThrownBy(() -> XgboostFile.read("model.ubj", claim))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("more than the file holds");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "name":"reg:squarederror"       | "name":"reg:own"              | objective reg:own is not supported
            "name":"reg:squarederror"       | "name":"multi:softmax"        | train with multi:softprob
            "num_class":"0"                 | "num_class":"3000000"         | claims 3000000 classes
            "num_class":"0"                 | "num_class":"0","num_target":"2" | 2 targets
            "num_feature":"2"               | "num_feature":"0"             | claims 0 features
            "num_feature":"2"               | "num_feature":"two"           | two is no whole number
            "base_score":"5E-1"             | "base_score":"[1E0,2E0]"      | 2 numbers for 1 outputs
            "base_score":"5E-1"             | "base_score":"NaN"            | no finite margin
            "tree_info":[0]                 | "tree_info":[1]               | output 1 of 1
            "tree_info":[0]                 | "tree_info":[0,0]             | 2 trees, and there are 1
            "name":"gbtree"                 | "name":"gblinear"             | booster gblinear is not supported
            "size_leaf_vector":"0"          | "size_leaf_vector":"3"        | 3 values a leaf
            "learner"                       | "student"                     | no learner
            """)
    void modelBeyondWhatIsProved_isRefusedByName(String was, String becomes, String reason) {
        String model = model("[1,-1,-1]", "[2,-1,-1]", "[1,0,0]", "[0.5,1,2]", "[1,0,0]", "");
        assertThat(model).contains(was);
        assertThatThrownBy(() -> read(model.replace(was, becomes)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            version=v4          | version=v9             | version v9
            objective=regression| objective=mine         | objective mine
            left_child=1 -1     | left_child=0 -1        | is no tree
            left_child=1 -1     | left_child=7 -1        | is no tree
            left_child=1 -1     | left_child=1 -9        | is no tree
            left_child=1 -1     | left_child=1           | 1 values, and the tree 2
            threshold=0.5 1.5   | threshold=0.5 nan      | nan is no number
            leaf_value=1 2 3    | leaf_value=1 2 inf     | has the leaf Infinity
            num_leaves=3        | num_leaves=2000000000  | leaf_value has 3 values
            end of trees        | end of trees==parameters: | cut off
            end of trees        | end of trees==pandas_categorical:[["a"] | cut off
            end of trees        | end of trees==pandas_categorical:[["a"]] | numbered the categories of 1 columns
            end of trees        | end of trees==pandas_categorical:[[1.5]] | is no category
            decision_type=2 8   | decision_type=2 9      | outside its arrays
            is_linear=0         | is_linear=1            | linear leaves
            end of trees        | end                    | cut off
            split_feature=0 1   | split_feature=0 2      | feature 2
            """)
    void wrongTextModel_isRefusedWithItsReason(String was, String becomes, String reason) {
        String model = """
                tree
                version=v4
                num_class=1
                num_tree_per_iteration=1
                label_index=0
                max_feature_idx=1
                objective=regression
                feature_names=a b

                Tree=0
                num_leaves=3
                num_cat=0
                split_feature=0 1
                threshold=0.5 1.5
                decision_type=2 8
                left_child=1 -1
                right_child=-2 -3
                leaf_value=1 2 3
                is_linear=0

                end of trees
                """;
        assertThat(model).contains(was);
        try (TreeEngine engine = read("model.txt", model.getBytes(StandardCharsets.UTF_8))) {
            // negative control: the healthy one is read; 8 is "NaN is missing", and goes right
            assertThat(engine.margins(new double[] {0, 1, 0, Double.NaN, 1, 0}, 3))
                    .containsExactly(1, 3, 2);
        }
        byte[] wrong = model.replace(was, becomes.replace("==", "\n\n")).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read("model.txt", wrong))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(reason);
    }

    private static TreeEngine read(String file, byte[] model) {
        return file.endsWith(".txt") ? LightgbmFile.read(file, model) : XgboostFile.read(file, model);
    }

    private static Attribution explained(String file, byte[] model) {
        return file.endsWith(".txt") ? LightgbmFile.explainer(file, model) : XgboostFile.explainer(file, model);
    }

    private static TreeEngine read(String json) {
        return XgboostFile.read("model.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private static String model(
            String left, String right, String features, String conditions, String missing, String more) {
        return document(tree(left, right, features, conditions, missing, more), "[0]");
    }

    private static String tree(
            String left, String right, String features, String conditions, String missing, String more) {
        return "{\"left_children\":" + left + ",\"right_children\":" + right + ",\"split_indices\":" + features
                + ",\"split_conditions\":" + conditions + ",\"default_left\":" + missing
                + ",\"tree_param\":{\"size_leaf_vector\":\"0\"}" + more + "}";
    }

    private static String document(String trees, String groups) {
        return "{\"learner\":{\"gradient_booster\":{\"model\":{\"tree_info\":" + groups + ",\"trees\":[" + trees
                + "]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"5E-1\",\"num_class\":\"0\",\"num_feature\":\"2\"},"
                + "\"objective\":{\"name\":\"reg:squarederror\"}},\"version\":[3,0,4]}";
    }
}
