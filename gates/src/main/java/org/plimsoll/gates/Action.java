package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;

/** What a check that does not pass does to the whole. */
public enum Action {
    /** Its verdict counts as it is. */
    ENFORCE,
    /** Whatever is wrong counts as INCONCLUSIVE: a person decides. */
    PAUSE,
    /** Reported, and never counts. */
    OBSERVE;

    /** What this verdict counts as in the whole; nothing where it is only observed. */
    public Optional<Verdict> counted(Verdict verdict) {
        return switch (this) {
            case ENFORCE -> Optional.of(verdict);
            case PAUSE -> Optional.of(verdict == Verdict.PASS ? Verdict.PASS : Verdict.INCONCLUSIVE);
            case OBSERVE -> Optional.empty();
        };
    }

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Action of(String word) {
        for (Action action : values()) {
            if (action.word().equals(word)) {
                return action;
            }
        }
        throw Problem.invalid("action", word, "enforce, pause or observe");
    }
}
