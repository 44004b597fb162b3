package org.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Event;
import org.plimsoll.core.ModelName;

@EachDatabase
class DatabaseTest {

    private final MovableClock clock = new MovableClock();

    @Parameter
    Databases databases;

    @AutoClose
    Database database;

    @BeforeEach
    void open() {
        database = databases.fresh(clock);
    }

    @Test
    void write_committed_rowAndEventAreThere() {
        var committed = database.write(Actor.SYSTEM, tx -> {
            Pins.keep(tx, Digest.of("x"), "version/late@1");
            tx.append("version.registered", "version/late@1", Map.of("tier", "T3"));
            return 7;
        });
        assertThat(committed.value()).isEqualTo(7);
        Event event = database.read(
                db -> Events.find(db, committed.events().getFirst()).orElseThrow());
        assertThat(event.type()).isEqualTo("version.registered");
        assertThat(event.detail().get("tier").asString()).isEqualTo("T3");
        assertThat(event.at()).isEqualTo(clock.instant());
        List<Pin> pins = database.read(db -> Pins.of(db, Digest.of("x")));
        assertThat(pins).containsExactly(new Pin(Digest.of("x"), "version/late@1", clock.instant()));
    }

    /** Our types go in and come out the same, absent ones too, on both databases. */
    @Test
    void types_ofOurs_goInAndComeOut() {
        record Row(Instant at, Optional<Instant> until, Digest digest, ModelName model) {}
        Row row = new Row(clock.instant(), Optional.empty(), Digest.of("x"), new ModelName("late"));
        Row read = database.write(Actor.SYSTEM, tx -> {
                    tx.sql().execute("CREATE TABLE sample (at BIGINT, until BIGINT, digest TEXT, model TEXT)");
                    tx.sql()
                            .createUpdate("INSERT INTO sample VALUES (:at, :until, :digest, :model)")
                            .bind("at", row.at)
                            .bind("until", row.until)
                            .bind("digest", row.digest)
                            .bind("model", row.model)
                            .execute();
                    return tx.sql()
                            .createQuery(
                                    "SELECT at, until, digest, model FROM sample WHERE at = :now AND until IS NULL")
                            .bind("now", tx.now())
                            .mapTo(Row.class)
                            .one();
                })
                .value();
        assertThat(read).isEqualTo(row);
    }
}
