package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plimsoll.core.Needs;
import tools.jackson.databind.JsonNode;

/** The demo as a person calls it, in processes of its own; what it says is held to what its log says. */
@ExtendWith(PlayedDemo.Player.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {

    private final PlayedDemo demo;
    private final JsonNode said;
    private Optional<Path> exported = Optional.empty();

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
        String refused = said.path("refused_candidate").asString();
        assertThat(gates).anySatisfy(gate -> {
            assertThat(gate.path("version").asString()).isEqualTo(refused);
            assertThat(gate.path("promotable").asBoolean()).isFalse();
        });
        assertThat(refused).startsWith("late-arrival@");
        assertThat(said.has("refused_at")).isFalse();
    }

    @Test
    void rollback_underLoad_losesNoRequest() {
        JsonNode rollback = said.path("rollback");
        assertThat(rollback.path("failed").asLong()).isZero();
        assertThat(rollback.path("requests").asLong()).isGreaterThan(100);
        assertThat(rollback.path("from").asString()).isNotEqualTo("late-arrival@1");
        assertThat(rollback.path("to").asString()).isEqualTo("late-arrival@1");
    }

    @Test
    void rollback_waitsForAReview() throws Exception {
        assertThat(demo.command().call("findings").done())
                .contains("endpoint.rolled-back")
                .contains("plimsoll findings review late-arrival ");
    }

    @Test
    void february_isPredictedAndJoined() {
        long rows = 0;
        for (JsonNode day : february()) {
            rows += day.path("rows").asLong();
            assertThat(day.path("labelled").asLong()).isPositive();
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
                rows = duckdb.sql(f"select columns('^(event_time|outcome|out[.].*)$') from '{sys.argv[1]}' "
                                  "where version = 'late-arrival@1' and event_time < '2001-03-01'").df()
                rows["day"] = rows["event_time"].dt.strftime("%Y-%m-%d")
                score = [c for c in rows.columns if c.startswith("out.")][0]
                known = rows[rows["outcome"].notna()]
                print(json.dumps({day: roc_auc_score(part["outcome"] == "true", part[score])
                                  for day, part in known.groupby("day") if day < "2001-03-01"}))
                """, log());
        int compared = 0;
        for (JsonNode one : february()) {
            String day = one.path("day").asString();
            assertThat(one.path("auc").asDouble())
                    .as(day)
                    .isCloseTo(recomputed.path(day).asDouble(), within(1e-9));
            compared++;
        }
        assertThat(compared).isEqualTo(28);
    }

    /** Every closed day was judged, each once for good; the last two wait for time to pass. */
    @Test
    void windows_areEveryDay_andEachHasItsVerdict() {
        LocalDate expected = LocalDate.of(2001, 2, 1);
        for (JsonNode window : said.path("windows")) {
            assertThat(window.path("day").asString()).isEqualTo(expected.toString());
            assertThat(window.path("verdict").asString()).isNotBlank();
            assertThat(window.path("rows").asLong()).isPositive();
            if (expected.isBefore(LocalDate.of(2001, 6, 29))) {
                assertThat(window.path("state").asString())
                        .as(expected.toString())
                        .isEqualTo("MATURE");
            }
            expected = expected.plusDays(1);
        }
        assertThat(expected).isAfterOrEqualTo(LocalDate.of(2001, 6, 30));
    }

    /** Rows, missing shares and means of each window, and the AUC of each promise, as the exported log gives them. */
    @Test
    @Needs(Needs.Thing.PYTHON)
    void windows_recomputedFromTheLog_areTheSame() throws Exception {
        JsonNode recomputed = PythonScript.answer(demo.command().folder(), """
                import json, sys, duckdb
                from sklearn.metrics import roc_auc_score
                said = json.load(open(sys.argv[2]))
                duckdb.sql(f"create table log as select * from '{sys.argv[1]}' where arm <> 'shadow'")
                score = [c for c in duckdb.sql("describe log").df()["column_name"] if c.startswith("out.")][0]
                worst = {"rows": 0, "missing": 0.0, "mean": 0.0, "auc": 0.0}
                compared = dict.fromkeys(worst, 0)
                def judge(what, ours, theirs):
                    worst[what] = max(worst[what], abs(ours - theirs))
                    compared[what] += 1
                for window in said["windows"]:
                    inside = f"event_time >= '{window['from'][:19]}' and event_time < '{window['until'][:19]}'"
                    judge("rows", window["rows"], duckdb.sql(f"select count(*) from log where {inside}").fetchall()[0][0])
                    if window["day"][-1] != "5":
                        continue  # every tenth day in full is enough
                    for column in window["columns"]:
                        if column["part"] != "INPUT" or "mean" not in column:
                            continue
                        name = f'"in.{column["name"]}"'
                        version = f"version = '{window['version']}'"
                        mean, missing = duckdb.sql(
                            f"select avg({name}::double), avg(({name} is null)::int) from log "
                            f"where {inside} and {version}").fetchall()[0]
                        judge("mean", column["mean"], mean)
                        judge("missing", column["missing"], missing)
                    for claim in window["performance"]:
                        if claim["metric"] != "auc" or "segment" in claim or "measured" not in claim:
                            continue
                        if claim["origin"] != "OBLIGATION":
                            continue
                        rows = duckdb.sql(
                            f"select outcome, \\"{score}\\" as score from log where outcome is not null "
                            f"and version = '{window['version']}' and event_time::date >= '{claim['from']}' "
                            f"and event_time::date <= '{claim['until']}'").df()
                        if claim["labelled"] < len(rows):
                            continue  # some truths were told after this was judged
                        judge("auc", claim["measured"], roc_auc_score(rows["outcome"] == "true", rows["score"]))
                print(json.dumps({"worst": worst, "compared": compared}))
                """, log(), demo.file("demo.json"));
        assertThat(recomputed.path("compared").path("rows").asInt()).isGreaterThan(140);
        assertThat(recomputed.path("compared").path("mean").asInt()).isPositive();
        assertThat(recomputed.path("compared").path("auc").asInt()).isGreaterThan(8);
        assertThat(recomputed.path("worst").path("rows").asLong()).isZero();
        assertThat(recomputed.path("worst").path("missing").asDouble()).isLessThan(1e-9);
        assertThat(recomputed.path("worst").path("mean").asDouble()).isLessThan(1e-6);
        assertThat(recomputed.path("worst").path("auc").asDouble()).isLessThan(1e-9);
    }

    /** Something crossed by itself, or the demo broke a feed and says so; either way it was caught, paged and answered. */
    @Test
    void incident_isOpenedPagedAndAnswered() {
        assertThat(said.path("incidents").size()).isPositive();
        for (JsonNode incident : said.path("incidents")) {
            String number = incident.path("number").asString();
            assertThat(incident.path("suspects").size()).as(number).isPositive();
            assertThat(incident.path("paged").size()).as(number).isPositive();
            assertThat(incident.has("acknowledged")).as(number).isTrue();
            assertThat(incident.path("notes").size()).as(number).isPositive();
            assertThat(said.path("pages").path(number).asBoolean())
                    .as("page of incident " + number)
                    .isTrue();
        }
        if (said.has("fault")) {
            JsonNode suspect = said.path("incidents").get(0).path("suspects").get(0);
            assertThat(suspect.path("kind").asString()).isEqualTo("UNIT_CHANGE");
            assertThat(suspect.path("column").asString()).isEqualTo("distance");
            assertThat(suspect.path("factor").asDouble()).isCloseTo(1.609344, within(0.05));
        }
    }

    /** What was made anew came from the same pipeline and met the same gates; what passed them serves. */
    @Test
    void retraining_endsAtTheGates_andWhatPassesServes() {
        assertThat(said.path("retraining").size()).isPositive();
        boolean isAnyCandidate = false;
        for (JsonNode retraining : said.path("retraining")) {
            assertThat(retraining.path("state").asString()).isIn("CANDIDATE", "REFUSED", "UNCHANGED", "FAILED");
            assertThat(retraining.path("from").asString()).startsWith("late-arrival@");
            if (retraining.path("state").asString().equals("CANDIDATE")) {
                isAnyCandidate = true;
                assertThat(retraining.has("report")).isTrue();
                assertThat(retraining.path("data").has("raw")).isTrue();
                assertThat(retraining.has("served")).isTrue();
            }
        }
        assertThat(isAnyCandidate).isTrue();
        assertThat(demo.story()).contains("is champion; its bake has ended");
    }

    /** The champion's own file, in the library that made it, gives from what the engine saw the scores that were logged, bit for bit. */
    @Test
    @Needs(Needs.Thing.PYTHON)
    void champion_inPythonsXgboost_givesTheLoggedScores() throws Exception {
        Path folder = demo.file("champion");
        demo.command()
                .call("model", "export", "late-arrival@1", folder.toString())
                .done();
        JsonNode compared = PythonScript.answer(demo.command().folder(), """
                import glob, json, sys, duckdb, numpy, xgboost
                rows = duckdb.sql(f"select columns('^(x[.].*|out[.].*)$') from '{sys.argv[1]}' "
                                  "where version = 'late-arrival@1'").df()
                seen = rows[[c for c in rows.columns if c.startswith("x.")]].to_numpy(dtype=numpy.float32)
                booster = xgboost.Booster(model_file=glob.glob(sys.argv[2] + "/model.*")[0])
                scores = booster.inplace_predict(seen)
                logged = rows[[c for c in rows.columns if c.startswith("out.")][0]].to_numpy(dtype=numpy.float32)
                print(json.dumps({"rows": len(rows), "varied": float(logged.std()), "other": int((scores != logged).sum())}))
                """, log(), folder);
        assertThat(compared.path("rows").asLong()).isGreaterThan(174_363);
        assertThat(compared.path("varied").asDouble()).isGreaterThan(0.01);
        assertThat(compared.path("other").asLong())
                .as("scores that are not XGBoost's own")
                .isZero();
    }

    @Test
    void auditLog_verifies() throws Exception {
        demo.command().call("audit", "verify").done();
    }

    private List<JsonNode> february() {
        return said.path("days").values().stream()
                .filter(day -> day.path("day").asString().startsWith("2001-02"))
                .toList();
    }

    private Path log() throws Exception {
        if (exported.isEmpty()) {
            Path log = demo.file("log.parquet");
            demo.command()
                    .call("predictions", "late-arrival", "--output", log.toString())
                    .done();
            exported = Optional.of(log);
        }
        return exported.get();
    }
}
