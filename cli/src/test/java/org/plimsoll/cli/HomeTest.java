package org.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.access.AccessOperations.CreateService;
import org.plimsoll.access.AccessOperations.ListPrincipals;
import org.plimsoll.access.AccessOperations.OpenToTeam;
import org.plimsoll.access.AccessOperations.WhoAmI;
import org.plimsoll.access.Principal;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;

class HomeTest {

    private static final Map<String, String> ANY_PORT = Map.of("server.port", "0");

    @TempDir
    private Path folder;

    /** Some become the server, some find one, some lose theirs in the middle: each is done, and done once. */
    @Test
    void commands_twentyFourAtOnceOnAnEmptyHome_allSucceedOnce() throws Exception {
        Path path = Home.create(folder.resolve(Home.FOLDER));
        List<Callable<String>> commands = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String login = "service-" + i;
            commands.add(() -> {
                try (Home home = new Home(path)) {
                    return home.operations()
                            .perform(new CreateService(login, login, List.of()))
                            .login();
                }
            });
        }
        Set<String> made = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> command : threads.invokeAll(commands)) {
                made.add(command.get());
            }
        }
        assertThat(made).hasSize(24);
        try (Home home = new Home(path)) {
            List<Principal> all = home.operations().perform(new ListPrincipals(Optional.of(Principal.Kind.SERVICE)));
            assertThat(all).hasSize(24);
        }
        assertThat(path.resolve("server.json")).doesNotExist();
    }

    @Test
    void command_besideARunningServer_findsItAndLeavesItUp() {
        Path path = Home.create(folder.resolve(Home.FOLDER));
        try (Home server = new Home(path)) {
            server.serve(ANY_PORT);
            try (Home command = new Home(path)) {
                assertThat(command.operations().perform(new WhoAmI()).proof()).isEqualTo(Actor.Proof.LOCAL);
            }
            assertThat(server.running()).isPresent();
        }
    }

    @Test
    void server_besideAnother_isRefusedWithTheOthersAddress() {
        Path path = Home.create(folder.resolve(Home.FOLDER));
        try (Home first = new Home(path);
                Home second = new Home(path)) {
            String address = first.serve(ANY_PORT).address();
            assertThatThrownBy(() -> second.serve(ANY_PORT))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining(address)
                    .hasMessageContaining("already");
        }
    }

    @Test
    void serverFile_leftByADeadServer_isNotBelieved() throws IOException {
        Path path = Home.create(folder.resolve(Home.FOLDER));
        Files.writeString(path.resolve("server.json"), """
                {"url": "http://127.0.0.1:1", "pid": 1, "instance": "gone", "token": "old", "brief": false}""");
        try (Home home = new Home(path)) {
            assertThat(home.operations().perform(new WhoAmI()).principal().id()).isEqualTo(Principal.LOCAL);
        }
    }

    @Test
    void home_openedToATeam_asksForASession() {
        Path path = Home.create(folder.resolve(Home.FOLDER));
        try (Home server = new Home(path)) {
            server.serve(ANY_PORT).entrance().as(Actor.SYSTEM).perform(new OpenToTeam());
            try (Home command = new Home(path)) {
                assertThatThrownBy(() -> command.operations().perform(new WhoAmI()))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.UNAUTHENTICATED));
            }
        }
    }

    @Test
    void home_isFoundUpwardAndKeptFromOthers() throws IOException {
        Path path = Home.create(folder.resolve(Home.FOLDER));
        Path below = Files.createDirectories(folder.resolve("a/b"));
        assertThat(Home.nearest(below)).contains(path);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
        try (Home home = new Home(path)) {
            home.serve(ANY_PORT);
            Path file = path.resolve("server.json");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void home_thatIsAFile_isSaidToBeUnusable() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Home.create(file.resolve("home")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("cannot be used");
    }
}
