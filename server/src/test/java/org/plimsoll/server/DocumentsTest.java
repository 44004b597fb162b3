package org.plimsoll.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.plimsoll.access.Operation;
import org.plimsoll.access.Operation.Audience;
import org.plimsoll.access.Operation.Kind;
import org.plimsoll.access.Role;
import org.plimsoll.core.Checkout;
import org.plimsoll.core.Json;

/**
 * What is checked in says what the running server does. After operations have changed, write both files anew and read the
 * difference: {@code ./build -Dfast -pl server -am test -Dtest=DocumentsTest -Dplimsoll.write=true
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class DocumentsTest {

    private static final Path DOCS = Checkout.resolve("docs");
    private static final String ROLES = """
            # Who may do what

            One row for each operation, made from the rooms' own lists. A role holds on the resource it was granted on and on
            everything below it; roles add up, and none contains another. `otherwise` names who needs no role at all, and what
            a person must do signed in, never a token.

            """;

    @Test
    void openApi_isTheRunningServers() throws IOException {
        try (var server = new Running()) {
            String served = server.send("GET", "/api/v1/openapi.json").body();
            String pretty =
                    Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(Json.MAPPER.readTree(served));
            assertSame("openapi.json", pretty.replace(System.lineSeparator(), "\n") + "\n");
        }
    }

    @Test
    void roles_areTheCatalogues() throws IOException {
        assertSame("roles.md", ROLES + Rooms.CATALOGUE.roleTable());
    }

    /** What must hold of every row, whatever a room lists. */
    @Test
    void roles_keepTheHousesRules() {
        for (Operation<?, ?, ?> it : Rooms.CATALOGUE.all()) {
            if (it.audience() != Audience.ROLES) {
                continue;
            }
            boolean isWrite = it.kind() != Kind.READ;
            assertThat(isWrite && it.roles().contains(Role.AUDITOR))
                    .as(it.name() + " by an auditor")
                    .isFalse();
            assertThat(isWrite && it.roles().contains(Role.VIEWER))
                    .as(it.name() + " by a viewer")
                    .isFalse();
            boolean isAdministration = it.name().matches("(home|principal|person|service)\\..*");
            assertThat(it.roles().contains(Role.ADMINISTRATOR))
                    .as(it.name() + " by an administrator")
                    .isEqualTo(isAdministration);
            if (it.name().matches(".*\\.(approve|reject)")) {
                assertThat(it.isInPerson()).as(it.name() + " in person").isTrue();
                assertThat(it.roles()).as(it.name()).doesNotContain(Role.SERVICE, Role.ADMINISTRATOR);
            }
        }
    }

    private static void assertSame(String name, String made) throws IOException {
        Path file = DOCS.resolve(name);
        if (Boolean.getBoolean("plimsoll.write")) {
            Files.createDirectories(DOCS);
            Files.writeString(file, made);
        }
        assertThat(file).hasContent(made);
    }
}
