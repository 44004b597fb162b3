package org.plimsoll.registry;

import java.util.List;
import java.util.Optional;

/**
 * Who answers for a model, as principal ids. These are grants, not notes: the owner and the deputy hold the role OWNER on the
 * model, the people on call hold ON_CALL, in the order in which they are called.
 */
public record Contacts(Optional<String> owner, Optional<String> deputy, List<String> onCall) {

    public Contacts {
        onCall = List.copyOf(onCall);
    }
}
