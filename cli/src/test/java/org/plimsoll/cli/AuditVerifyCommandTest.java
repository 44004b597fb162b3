package org.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.access.AccessOperations.CreateService;

class AuditVerifyCommandTest {

    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void somethingHappens() {
        home = Home.create(folder.resolve(Home.FOLDER));
        happen("first");
    }

    private void happen(String service) {
        try (Home server = new Home(home)) {
            server.operations().perform(new CreateService(service, service, List.of()));
        }
    }

    private int verify(Object... arguments) {
        Stream<String> given = Stream.of(arguments).map(Object::toString);
        return Plimsoll.run(Stream.concat(Stream.of("audit", "verify"), given).toArray(String[]::new));
    }

    private static void flipAByteOf(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void verify_aHomeAfterItsServerStopped_holdsAlsoSinceAnEarlierVisit() throws Exception {
        assertThat(verify("--home", home)).isEqualTo(Exit.DONE);
        Path kept = Files.copy(home.resolve("audit/checkpoint"), folder.resolve("kept"));
        happen("second");
        assertThat(verify("--home", home, "--since", kept)).isEqualTo(Exit.DONE);
        assertThat(verify("--home", home, "--json")).isEqualTo(Exit.DONE);
    }

    @Test
    void verify_theLogAloneWithItsKey_needsNoHome() {
        assertThat(verify(home.resolve("audit"), "--key", home.resolve("keys/audit.vkey")))
                .isEqualTo(Exit.DONE);
        assertThat(verify(home.resolve("audit"))).isEqualTo(Exit.FAILED); // whose log is it?
    }

    @Test
    void verify_anEntryChanged_fails() throws Exception {
        try (Stream<Path> entries = Files.walk(home.resolve("audit/tile/entries"))) {
            flipAByteOf(entries.filter(Files::isRegularFile).findFirst().orElseThrow());
        }
        assertThat(verify("--home", home)).isEqualTo(Exit.FAILED);
    }

    @Test
    void verify_checkpointOfAnotherVisitThatDoesNotFit_fails() throws Exception {
        Path other = Home.create(folder.resolve("other"));
        Path kept = Files.copy(home.resolve("audit/checkpoint"), folder.resolve("kept"));
        try (Home server = new Home(other)) {
            server.operations().perform(new CreateService("first", "first", List.of()));
        }
        assertThat(verify("--home", other)).isEqualTo(Exit.DONE);
        assertThat(verify("--home", other, "--since", kept)).isEqualTo(Exit.FAILED); // signed by another key
    }

    @Test
    void verify_noHomeThere_fails() {
        assertThat(verify("--home", folder.resolve("none"))).isEqualTo(Exit.FAILED);
        assertThat(folder.resolve("none")).doesNotExist();
    }
}
