package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The demo as a person calls it, in processes of its own; what it says is held to what its log says. */
@ExtendWith(PlayedDemo.Player.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {

    private final PlayedDemo demo;
    private final JsonNode said;

    DemoTest(PlayedDemo demo) {
        this.demo = demo;
        this.said = demo.numbers();
    }

    @Test
    void rerun_isByteIdentical() {
        assertThat(said.path("rerun").path("level").asString()).isEqualTo("L1");
        assertThat(said.path("rerun").path("model"))
                .isEqualTo(said.path("rerun").path("repeated"));
    }

    @Test
    void firstRelease_passes_andTheWeeksModelIsRefused() {
        JsonNode gates = said.path("gates");
        assertThat(gates.get(0).path("verdict").asString()).isEqualTo("PASS");
        assertThat(gates).anySatisfy(gate -> {
            assertThat(gate.path("version").asString()).isEqualTo("late-arrival@2");
            assertThat(gate.path("promotable").asBoolean()).isFalse();
        });
        assertThat(said.path("refused_candidate").asString()).isEqualTo("late-arrival@2");
        assertThat(said.has("refused_at")).isFalse();
    }

    @Test
    void rollback_underLoad_losesNoRequest() {
        JsonNode rollback = said.path("rollback");
        assertThat(rollback.path("failed").asLong()).isZero();
        assertThat(rollback.path("requests").asLong()).isGreaterThan(100);
        assertThat(rollback.path("from").asString()).isEqualTo("late-arrival@3");
        assertThat(rollback.path("to").asString()).isEqualTo("late-arrival@1");
    }

    @Test
    void february_isPredictedAndJoined() {
        long rows = 0;
        for (JsonNode window : said.path("windows")) {
            rows += window.path("rows").asLong();
            assertThat(window.path("labelled").asLong()).isPositive();
        }
        assertThat(rows).isEqualTo(174_363); // flights of February 2001 from the twelve hubs, by UTC
    }

    /** What was printed is what the exported log gives in scikit-learn. */
    @Test
    @Needs(Needs.Thing.PYTHON)
    void daysOfFebruary_recomputedFromTheLog_areTheSame() throws Exception {
        JsonNode recomputed = PythonScript.answer(demo.command().folder(), """
                import json, sys, duckdb
                from sklearn.metrics import roc_auc_score
                rows = duckdb.sql(f"select * from '{sys.argv[1]}' where version = 'late-arrival@1'").df()
                rows["day"] = rows["event_time"].dt.strftime("%Y-%m-%d")
                score = [c for c in rows.columns if c.startswith("out.")][0]
                known = rows[rows["outcome"].notna()]
                print(json.dumps({day: roc_auc_score(part["outcome"] == "true", part[score])
                                  for day, part in known.groupby("day") if day < "2001-03-01"}))
                """, log("recompute.parquet"));
        int compared = 0;
        for (JsonNode window : said.path("windows")) {
            String day = window.path("day").asString();
            assertThat(window.path("auc").asDouble())
                    .as(day)
                    .isCloseTo(recomputed.path(day).asDouble(), within(1e-9));
            compared++;
        }
        assertThat(compared).isEqualTo(28);
    }

    /** The champion's own file, in the library that made it, gives the scores that were logged, from what the engine saw. */
    @Test
    @Needs(Needs.Thing.PYTHON)
    void champion_inPythonsXgboost_givesTheLoggedScores() throws Exception {
        Path folder = demo.file("champion");
        demo.command().call("model", "export", "late-arrival@1", folder.toString()).done();
        JsonNode compared = PythonScript.answer(demo.command().folder(), """
                import glob, json, sys, duckdb, numpy, xgboost
                rows = duckdb.sql(f"select * from '{sys.argv[1]}' where version = 'late-arrival@1'").df()
                seen = rows[[c for c in rows.columns if c.startswith("x.")]].to_numpy(dtype=numpy.float32)
                booster = xgboost.Booster(model_file=glob.glob(sys.argv[2] + "/model.*")[0])
                scores = booster.inplace_predict(seen)
                logged = rows[[c for c in rows.columns if c.startswith("out.")][0]].to_numpy(dtype=numpy.float32)
                ulps = numpy.abs(scores.view(numpy.int32).astype(numpy.int64) - logged.view(numpy.int32))
                print(json.dumps({"rows": len(rows), "ulps": int(ulps.max()), "varied": float(logged.std())}))
                """, log("champion.parquet"), folder);
        assertThat(compared.path("rows").asLong()).isGreaterThan(174_363);
        assertThat(compared.path("varied").asDouble()).isGreaterThan(0.01);
        assertThat(compared.path("ulps").asLong())
                .as("units in the last place")
                .isLessThanOrEqualTo(1);
    }

    @Test
    void auditLog_verifies() throws Exception {
        demo.command().call("audit", "verify").done();
    }

    private Path log(String name) throws Exception {
        Path log = demo.file(name);
        demo.command().call("predictions", "late-arrival", "--output", log.toString()).done();
        return log;
    }
}
