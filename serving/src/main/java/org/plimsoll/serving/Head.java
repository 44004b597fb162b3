package org.plimsoll.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.store.Reading;

/**
 * What the database says of one endpoint, with all that a node needs to follow it.
 *
 * @param edition changes whenever anything here does
 * @param current the newest table
 * @param stable the newest stable table
 * @param previous the newest stable table with another champion than that one
 */
record Head(
        Endpoint endpoint,
        long edition,
        Optional<Posting> current,
        Optional<Posting> stable,
        Optional<Posting> previous) {

    /** Reads an endpoint's head. */
    static Head read(Reading db, Endpoints endpoints, Permits permits, Endpoint endpoint) {
        List<PublishedTable> history = endpoints.history(db, endpoint.name());
        Optional<PublishedTable> stable =
                history.stream().filter(PublishedTable::stable).findFirst();
        Optional<PublishedTable> previous = stable.flatMap(newest -> history.stream()
                .filter(PublishedTable::stable)
                .filter(table -> !table.table().champion().equals(newest.table().champion()))
                .findFirst());
        long edition = db.sql()
                .createQuery("SELECT edition FROM endpoint WHERE name = :name")
                .bind("name", endpoint.name())
                .mapTo(Long.class)
                .one();
        return new Head(
                endpoint,
                edition,
                history.stream().findFirst().map(table -> posting(db, permits, endpoint, table)),
                stable.map(table -> posting(db, permits, endpoint, table)),
                previous.map(table -> posting(db, permits, endpoint, table)));
    }

    private static Posting posting(Reading db, Permits permits, Endpoint endpoint, PublishedTable published) {
        RoutingTable table = published.table();
        List<Signed> signed = new ArrayList<>();
        permits.signed(db, endpoint.name(), table.champion()).ifPresent(signed::add);
        table.canary()
                .flatMap(canary -> permits.signed(db, endpoint.name(), canary))
                .ifPresent(signed::add);
        for (var shadow : table.shadows()) {
            permits.signed(db, endpoint.name(), shadow).ifPresent(signed::add);
        }
        return new Posting(1, endpoint, published, signed);
    }
}
