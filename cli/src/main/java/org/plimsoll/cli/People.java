package org.plimsoll.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.ShowPrincipal;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Problem;

/** The logins of principals, asked for once each; the id where one may not see them. */
final class People {

    private final Operations operations;
    private final Map<String, String> known = new HashMap<>();

    People(Operations operations) {
        this.operations = operations;
    }

    String name(String principal) {
        return known.computeIfAbsent(principal, id -> {
            try {
                return operations.perform(new ShowPrincipal(id)).principal().login();
            } catch (Problem e) {
                return id;
            }
        });
    }

    String names(List<String> principals) {
        return String.join(", ", principals.stream().map(this::name).toList());
    }

    static String name(Map<String, String> names, String principal) {
        return Optional.ofNullable(names.get(principal)).orElse(principal);
    }
}
