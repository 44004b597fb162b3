package org.plimsoll.predictions;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.plimsoll.core.Problem;

/** Which part a version had in answering a row. The order is that of the numbers in the log and never changes. */
public enum Arm {
    /** It answers what no canary answers. */
    CHAMPION,
    /** It answers its share of entities. */
    CANARY,
    /** It answers nobody, and is compared. */
    SHADOW;

    private static final Arm[] ALL = values();

    static Arm numbered(int number) {
        if (number < 0 || number >= ALL.length) {
            throw Problem.invalid("arm", number, "0 to 2");
        }
        return ALL[number];
    }

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Arm of(String word) {
        for (Arm arm : ALL) {
            if (arm.word().equals(word)) {
                return arm;
            }
        }
        throw Problem.invalid("arm", word, "champion, canary or shadow");
    }
}
