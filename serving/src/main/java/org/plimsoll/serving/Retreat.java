package org.plimsoll.serving;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.plimsoll.core.VersionId;

/**
 * Where a rollback goes: to the newest stable table whose champion is not the one that is rolled back from.
 *
 * <pre>
 *  in force                       rolled back from    then answers
 *  champion @3, canary @4         @4                  @3 for everyone
 *  champion @4, baking            @4                  @3, the newest stable champion
 *  champion @4, stable            @4                  @3, the newest stable champion before it
 *  champion @3, shadow @4         @3                  the newest stable champion before it
 *  champion @1, nothing before    -                   nothing: refused, and drain is offered
 * </pre>
 *
 * @param from the version that stops answering
 * @param posting the table that was stable, with its permits
 */
record Retreat(VersionId from, Posting posting) {

    /**
     * @param current what is in force
     * @param stable stable tables, newest first
     * @param allowed whether a version may answer: it is not quarantined
     */
    static Optional<Retreat> from(Posting current, List<Posting> stable, Predicate<VersionId> allowed) {
        RoutingTable table = current.table();
        if (table.canary().isPresent() && allowed.test(table.champion())) {
            return Optional.of(new Retreat(table.canary().get(), current));
        }
        return stable.stream()
                .filter(posting -> !posting.champion().equals(table.champion()))
                .filter(posting -> !table.canary().equals(Optional.of(posting.champion())))
                .filter(posting -> allowed.test(posting.champion()))
                .findFirst()
                .map(posting -> new Retreat(table.champion(), posting));
    }

    /** The table to publish: the stable champion for everyone. */
    RoutingTable next(long revision) {
        return posting.table().championOnly(revision);
    }
}
