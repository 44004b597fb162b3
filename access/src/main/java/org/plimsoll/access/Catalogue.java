package org.plimsoll.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Operation.Audience;

/** Every operation there is: routes, client, OpenAPI, role table and audit catalogue are made from this one list. */
public final class Catalogue {

    private final Map<Class<?>, Operation<?, ?, ?>> byRequest = new LinkedHashMap<>();
    private final List<Operation<?, ?, ?>> all = new ArrayList<>();

    /**
     * The operations of these rooms.
     *
     * @throws IllegalStateException when two share a request, a name or an address, or one does not say who may
     */
    public Catalogue(List<? extends Room<?>> rooms) {
        Set<String> seen = new HashSet<>();
        for (Room<?> room : rooms) {
            for (Operation<?, ?, ?> operation : room.operations()) {
                String address = operation.method() + " " + operation.path().replaceAll("\\{[^}]+}", "{}");
                if (!seen.add(operation.name()) || !seen.add(address)) {
                    throw new IllegalStateException(operation.name() + " or its address is declared twice");
                }
                if (byRequest.put(operation.request(), operation) != null) {
                    throw new IllegalStateException(operation.request().getName() + " is declared twice");
                }
                if (operation.audience() == Audience.ROLES && operation.roles().isEmpty()) {
                    throw new IllegalStateException(operation.name() + " does not say who may");
                }
                all.add(operation);
            }
        }
    }

    /** In the order of the rooms and their lists. */
    public List<Operation<?, ?, ?>> all() {
        return List.copyOf(all);
    }

    /** The operation with this name. */
    public Optional<Operation<?, ?, ?>> named(String name) {
        return all.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** The operation that this request asks for. */
    @SuppressWarnings("unchecked") // the map's key is the operation's own request class
    public <R> Operation<Object, Request<R>, R> of(Request<R> request) {
        Operation<?, ?, ?> operation = byRequest.get(request.getClass());
        if (operation == null) {
            throw new IllegalStateException(
                    "no operation is declared for " + request.getClass().getSimpleName());
        }
        return (Operation<Object, Request<R>, R>) operation;
    }

    /** Who may do what: a Markdown table with one row an operation and one column a role. */
    public String roleTable() {
        var table = new StringBuilder("| operation | kind | address |");
        for (Role role : Role.values()) {
            table.append(' ').append(role).append(" |");
        }
        table.append(" otherwise |\n|---|---|---|")
                .append(":-:|".repeat(Role.values().length))
                .append("---|\n");
        for (Operation<?, ?, ?> it : all) {
            table.append("| `%s` | %s | `%s %s` |".formatted(it.name(), it.kind(), it.method(), it.path()));
            for (Role role : Role.values()) {
                table.append(it.audience() == Audience.ROLES && it.roles().contains(role) ? " x |" : "  |");
            }
            table.append(' ').append(otherwise(it)).append("|\n");
        }
        return table.toString();
    }

    private static String otherwise(Operation<?, ?, ?> it) {
        String whom = switch (it.audience()) {
            case ROLES -> "";
            case SIGNED_IN -> "everyone signed in ";
            case ANYONE -> "everyone ";
        };
        return whom + (it.isInPerson() ? "in person only " : "");
    }
}
