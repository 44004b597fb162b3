package org.plimsoll.serving;

import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Keeps the environments in their order. */
public final class Environments {

    private Environments() {}

    /** Adds an environment at the end of the way, or at a free position. */
    static Environment create(Transaction tx, EnvironmentName name, Optional<Integer> wanted) {
        if (find(tx, name).isPresent()) {
            throw Problem.of(Problem.Kind.CONFLICT, "there is an environment " + name + " already");
        }
        List<Environment> all = all(tx);
        int position = wanted.orElseGet(() -> all.isEmpty() ? 0 : all.getLast().position() + 1);
        all.stream().filter(other -> other.position() == position).findFirst().ifPresent(other -> {
            throw Problem.invalid("position", position, "one that is free; " + other.name() + " has it");
        });
        Environment environment = new Environment(name, position);
        tx.sql()
                .createUpdate("INSERT INTO environment (name, position) VALUES (:name, :position)")
                .bind("name", name)
                .bind("position", position)
                .execute();
        Resources.add(tx, Resource.environment(name), Resource.ORGANISATION);
        tx.append("environment.created", "environment/" + name, environment);
        return environment;
    }

    /** The environment. @throws Problem NOT_FOUND */
    public static Environment get(Reading db, EnvironmentName name) {
        return find(db, name).orElseThrow(() -> Problem.notFound("environment", name));
    }

    static Optional<Environment> find(Reading db, EnvironmentName name) {
        return all(db).stream()
                .filter(environment -> environment.name().equals(name))
                .findFirst();
    }

    /** All of them, from where work begins to where people depend on it. */
    public static List<Environment> all(Reading db) {
        return db.sql()
                .createQuery("SELECT name, position FROM environment ORDER BY position")
                .mapTo(Environment.class)
                .list();
    }

    /** The environment one below: where an artifact must have been champion first. Empty for the first one. */
    public static Optional<Environment> below(Reading db, EnvironmentName name) {
        int position = get(db, name).position();
        return all(db).reversed().stream()
                .filter(environment -> environment.position() < position)
                .findFirst();
    }
}
