package org.plimsoll.registry;

import org.plimsoll.core.Problem;

/**
 * Something that can go wrong, and what is done about it.
 *
 * @param harm what happens, and to whom
 * @param mitigation what makes it rarer or smaller; what remains is accepted by whoever approves
 */
public record Risk(String harm, String mitigation) {

    public Risk {
        if (harm.isBlank() || mitigation.isBlank()) {
            throw Problem.invalid("risk", harm, "a harm and its mitigation, both in words");
        }
    }
}
