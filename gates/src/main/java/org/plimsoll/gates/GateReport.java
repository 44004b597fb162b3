package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.evaluation.Evaluation;
import tools.jackson.core.JacksonException;

/**
 * What was found when a version was held against a policy: every check with its numbers, and the whole.
 *
 * <pre>
 *  {"v":1,"about":{…},"policy":{…,"text":"…"},"facts":{…},"evaluation":{…},     what went in
 *   "checks":[…],"verdict":"PASS","promotable":true}                            what follows from it
 * </pre>
 *
 * The second line follows from the first by {@link Gates#judge}, a pure function, so that anyone with this file can judge again
 * ({@link GateVerification}). Canonical JSON; its digest is what people approve.
 *
 * @param evaluation empty for policies that measure nothing
 * @param verdict the worst of what counts: HARM, then ERROR, then INCONCLUSIVE, then PASS; ERROR where nothing counts
 * @param promotable whether the policy lets a candidate be made of it
 */
public record GateReport(
        int v,
        Decision about,
        PolicyVersion policy,
        Facts facts,
        Optional<Evaluation> evaluation,
        List<Check> checks,
        Verdict verdict,
        boolean promotable) {

    /** The format written here; greater ones are refused. */
    public static final int FORMAT = 1;

    public GateReport {
        if (v != FORMAT) {
            throw Problem.invalid("gate report's v", v, "1; a greater one was written by a newer Plimsoll");
        }
        checks = List.copyOf(checks);
    }

    /** The report in these bytes. @throws Problem where they hold none */
    public static GateReport read(byte[] json) {
        try {
            return Json.read(json, GateReport.class);
        } catch (JacksonException e) {
            throw Problem.of(Problem.Kind.INVALID, "this is not a gate report: " + e.getOriginalMessage());
        }
    }

    /** The canonical JSON. */
    public byte[] bytes() {
        return CanonicalJson.bytes(this);
    }

    @JsonIgnore
    public Digest digest() {
        return Digest.of(bytes());
    }

    /** As people read it in a terminal. */
    public String text() {
        return GateText.render(this);
    }
}
