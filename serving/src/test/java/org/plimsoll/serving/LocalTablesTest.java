package org.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;

class LocalTablesTest {

    private static final EndpointName LATE = new EndpointName("late-arrival");
    private static final Endpoint ENDPOINT = new Endpoint(
            LATE,
            new EnvironmentName("production"),
            new ModelName("late-arrival"),
            EndpointTime.CLOCK,
            false,
            Instant.parse("2026-03-01T12:00:00Z"));

    @TempDir
    Path folder;

    static Posting posting(long revision, String champion) {
        RoutingTable table = RoutingTable.of(LATE, revision, VersionId.parse(champion), 1);
        return new Posting(
                1,
                ENDPOINT,
                PublishedTable.of(
                        table,
                        PublishedTable.Reason.FULL,
                        true,
                        false,
                        "ana",
                        Instant.parse("2026-03-01T12:00:00Z"),
                        ""),
                List.of());
    }

    @Test
    void posting_isReadAsWritten_alsoAfterARestart() {
        LocalTables tables = new LocalTables(folder, Seal.loadOrCreate(folder.resolve("keys")));
        tables.write(LocalTables.Slot.CURRENT, posting(3, "late-arrival@2"));
        tables.write(LocalTables.Slot.STABLE, posting(1, "late-arrival@1"));

        LocalTables again = new LocalTables(folder, Seal.loadOrCreate(folder.resolve("keys")));
        assertThat(again.read(LATE, LocalTables.Slot.CURRENT)).contains(posting(3, "late-arrival@2"));
        assertThat(again.read(LATE, LocalTables.Slot.STABLE)).contains(posting(1, "late-arrival@1"));
        assertThat(again.read(LATE, LocalTables.Slot.PREVIOUS)).isEmpty();
        assertThat(again.endpoints()).containsExactly(LATE);
    }

    /** Every byte counts: no single flipped bit of the file gives another table. */
    @Test
    void fileWithOneBitFlipped_isRefusedOrTheSame() throws IOException {
        LocalTables tables = new LocalTables(folder, Seal.loadOrCreate(folder.resolve("keys")));
        Posting posting = posting(3, "late-arrival@2");
        tables.write(LocalTables.Slot.CURRENT, posting);
        Path file = folder.resolve("late-arrival").resolve("current");
        byte[] sound = Files.readAllBytes(file);
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] edited = sound.clone();
            int at = random.nextInt(edited.length);
            edited[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, edited);
            try {
                assertThat(tables.read(LATE, LocalTables.Slot.CURRENT))
                        .as("seed %s, byte %s", seed, at)
                        .contains(posting);
            } catch (Problem problem) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(280); // Base64's last character has bits without meaning
    }

    @Test
    void fileSignedByAnotherKey_orAsAnotherType_isRefused() throws IOException, GeneralSecurityException {
        Seal own = Seal.loadOrCreate(folder.resolve("keys"));
        Seal strange = new Seal(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        LocalTables tables = new LocalTables(folder, own);
        Path file = folder.resolve("late-arrival").resolve("current");
        Files.createDirectories(file.getParent());

        Files.write(file, Json.bytes(strange.sign(Posting.TYPE, posting(3, "late-arrival@2"))));
        assertThatThrownBy(() -> tables.read(LATE, LocalTables.Slot.CURRENT))
                .hasMessageContaining("changed after it was signed")
                .hasMessageContaining(file.toString());

        Files.write(file, Json.bytes(own.sign(Permit.TYPE, posting(3, "late-arrival@2"))));
        assertThatThrownBy(() -> tables.read(LATE, LocalTables.Slot.CURRENT)).isInstanceOf(Problem.class);

        Files.writeString(file, "{}");
        assertThatThrownBy(() -> tables.read(LATE, LocalTables.Slot.CURRENT))
                .hasMessageContaining("not a signed document");
    }

    @Test
    void key_isReadableByItsOwnerOnly_andABrokenOneIsNotReplaced() throws IOException {
        Seal.loadOrCreate(folder);
        Path key = folder.resolve("serving");
        assertThat(Files.getPosixFilePermissions(key).toString())
                .doesNotContain("GROUP")
                .doesNotContain("OTHERS");
        Files.writeString(key, "lost");
        assertThatThrownBy(() -> Seal.loadOrCreate(folder)).hasMessageContaining("restore it from a backup");
        assertThat(Files.readString(key)).isEqualTo("lost");
    }

    @Test
    void urgentActs_areRememberedInTheirOrder_untilRecorded() {
        LocalTables tables = new LocalTables(folder, Seal.loadOrCreate(folder.resolve("keys")));
        UrgentAct first = act();
        UrgentAct second = act();
        tables.remember(second);
        tables.remember(first);
        assertThat(tables.unrecorded()).containsExactly(first, second);
        tables.recorded(first);
        tables.recorded(first);
        assertThat(tables.unrecorded()).containsExactly(second);
    }

    private static UrgentAct act() {
        return new UrgentAct(
                1,
                Ids.next(),
                UrgentAct.Kind.QUARANTINE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(VersionId.parse("late-arrival@2")),
                Optional.of(Digest.of("x")),
                "mira",
                Instant.parse("2026-03-01T12:00:00Z"),
                "page 17");
    }

    @Test
    void quarantinedArtifacts_areRemembered() {
        LocalTables tables = new LocalTables(folder, Seal.loadOrCreate(folder.resolve("keys")));
        assertThat(tables.quarantined()).isEmpty();
        tables.quarantined(Set.of(Digest.of("a"), Digest.of("b")));
        assertThat(tables.quarantined()).containsExactlyInAnyOrder(Digest.of("a"), Digest.of("b"));
    }
}
