package org.plimsoll.access;

import java.util.List;

/**
 * Whether somebody may, and why. A refusal has at least one reason, written for the person who is refused.
 *
 * @param reasons in full sentences
 */
public record Decision(boolean isAllowed, List<String> reasons) {

    public Decision {
        reasons = List.copyOf(reasons);
    }

    static Decision allowed(String reason) {
        return new Decision(true, List.of(reason));
    }

    static Decision refused(String... reasons) {
        return new Decision(false, List.of(reasons));
    }
}
