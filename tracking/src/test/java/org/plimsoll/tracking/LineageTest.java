package org.plimsoll.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.tracking.TrackingOperations.CreateRun;
import org.plimsoll.tracking.TrackingOperations.GetLineage;

/** Who may not approve a model is decided by these edges: nobody may get off the line, and a check must not put one on it. */
@EachDatabase
class LineageTest {

    private static final Port RAW = new Port("raw", Digest.of("raw"), Port.Form.SNAPSHOT);
    private static final Port ROWS = new Port("rows", Digest.of("rows"), Port.Form.FILE);
    private static final Port MODEL = new Port("model", Digest.of("model"), Port.Form.FOLDER);

    @Parameter
    Databases databases;

    @AutoClose
    Tracked home;

    @BeforeEach
    void open() {
        home = new Tracked(databases);
        make(home.ana, Optional.empty(), "features", ROWS, RAW);
        make(home.ben, Optional.empty(), "train", MODEL, new Port("features.rows", ROWS.digest(), Port.Form.FILE));
    }

    private Run make(Operations who, Optional<String> origin, String name, Port output, Port input) {
        Run run = who.perform(new CreateRun(Tracked.FLIGHTS, Optional.empty(), origin, Map.of(), Map.of()));
        Run step = RunsTest.step(who, run, name, Digest.of(name), input);
        RunsTest.finish(who, step, Optional.empty(), output);
        return RunsTest.close(who, run, Run.Status.FINISHED);
    }

    private List<String> people(Digest digest) {
        return home.ana.perform(new GetLineage(digest)).people();
    }

    @Test
    void model_hasEverybodyOnItsLine() {
        var graph = home.ana.perform(new GetLineage(MODEL.digest()));
        assertThat(graph.edges()).extracting(Edge::source).containsExactly(RAW.digest(), ROWS.digest());
        assertThat(graph.edges()).extracting(Edge::input).containsExactly("raw", "features.rows");
        assertThat(graph.people()).containsExactly("ana", "ben");
        assertThat(people(ROWS.digest())).containsExactly("ana");
        assertThat(people(RAW.digest())).isEmpty();
        assertThat(home.database
                        .<Optional<Run>>read(db -> Runs.producer(db, MODEL.digest()))
                        .orElseThrow()
                        .startedBy())
                .isEqualTo("ben");
    }

    @Test
    void rerun_withTheSameBytes_addsNobody() {
        Run first = home.ana.perform(new TrackingOperations.GetRun("latest"));
        make(
                home.ana,
                Optional.of(first.id()),
                "train",
                MODEL,
                new Port("features.rows", Digest.of("z"), Port.Form.FILE));
        assertThat(home.ana.perform(new GetLineage(MODEL.digest())).edges()).hasSize(2);
    }

    @Test
    void rerun_withOtherBytes_hasWhoeverMadeThem() {
        Run first = home.ana.perform(new TrackingOperations.GetRun("latest"));
        Port other = new Port("model", Digest.of("other"), Port.Form.FOLDER);
        make(
                home.ana,
                Optional.of(first.id()),
                "train",
                other,
                new Port("features.rows", ROWS.digest(), Port.Form.FILE));
        assertThat(people(other.digest())).containsExactly("ana");
    }

    /** Making the same bytes again as an ordinary run puts its maker beside the first: nobody is ever taken off. */
    @Test
    void sameBytes_madeByAnother_haveBoth() {
        make(home.ben, Optional.empty(), "features", ROWS, RAW);
        assertThat(people(ROWS.digest())).containsExactly("ana", "ben");
    }

    /** Outputs may become inputs of what they were made from (a restored checkpoint): the walk must end. */
    @Test
    void circle_isWalkedOnce() {
        make(home.ana, Optional.empty(), "again", RAW, new Port("model", MODEL.digest(), Port.Form.FOLDER));
        assertThat(home.ana.perform(new GetLineage(MODEL.digest())).edges()).hasSize(3);
    }
}
