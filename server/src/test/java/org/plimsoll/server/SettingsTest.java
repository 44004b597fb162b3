package org.plimsoll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Problem;

class SettingsTest {

    @TempDir
    private Path home;

    @Test
    void value_comesFromTheFlagThenTheEnvironmentThenTheFileThenTheDefault() throws IOException {
        file("server:\n  port: 1\n  drain: 90s\n  hosts: [a.example, b.example]\n");
        assertThat(server(Map.of("PLIMSOLL_SERVER_PORT", "2"), Map.of("server.port", "3"))
                        .port())
                .isEqualTo(3);
        assertThat(server(Map.of("PLIMSOLL_SERVER_PORT", "2"), Map.of()).port()).isEqualTo(2);
        ServerConfig fromFile = server(Map.of(), Map.of());
        assertThat(fromFile.port()).isEqualTo(1);
        assertThat(fromFile.drain()).isEqualTo(Duration.ofSeconds(90));
        assertThat(fromFile.hosts()).containsExactly("a.example", "b.example");
        assertThat(fromFile.host()).isEqualTo(ServerConfig.DEFAULT.host());
    }

    @Test
    void lines_sayWhereEachValueComesFrom_andKeepAReferenceARef() throws IOException {
        file("server: {port: 1}\nstore: {url: \"env:DATABASE\"}\n");
        var environment =
                Map.of("DATABASE", "jdbc:postgresql://db/plimsoll?password=hunter2", "PLIMSOLL_SERVER_HOST", "::1");
        Settings settings = Settings.of(home, environment, Map.of());
        Configuration read = Configuration.of(settings);
        assertThat(read.store().url()).hasValueSatisfying(url -> assertThat(url).contains("hunter2"));
        assertThat(settings.lines())
                .contains(
                        new Settings.Line("server.port", "1", "plimsoll.yaml"),
                        new Settings.Line("server.host", "::1", "PLIMSOLL_SERVER_HOST"),
                        new Settings.Line("store.url", "env:DATABASE", "plimsoll.yaml"));
        assertThat(settings.lines().toString()).doesNotContain("hunter2");
    }

    @Test
    void key_thatNobodyKnows_isRefusedWithItsPlaceAndTheLikelyWord() throws IOException {
        file("server:\n  port: 1\n  dran: 5s\n");
        assertThatThrownBy(() -> Configuration.of(Settings.of(home, Map.of(), Map.of())))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("plimsoll.yaml:3:3")
                .hasMessageContaining("`dran`")
                .hasMessageContaining("drain");
        file("sever:\n  port: 1\n");
        assertThatThrownBy(() -> Configuration.of(Settings.of(home, Map.of(), Map.of())))
                .hasMessageContaining("plimsoll.yaml:1:1")
                .hasMessageContaining("server");
    }

    @Test
    void value_thatIsNotOne_isRefusedWhereItStands() throws IOException {
        file("server:\n  port: 70000\n");
        assertThatThrownBy(() -> Configuration.of(Settings.of(home, Map.of(), Map.of())))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("plimsoll.yaml:2:")
                .hasMessageContaining("65535");
        file("");
        assertThatThrownBy(() -> server(Map.of("PLIMSOLL_SERVER_PORT", "many"), Map.of()))
                .hasMessageContaining("PLIMSOLL_SERVER_PORT");
        assertThatThrownBy(() -> server(Map.of("PLIMSOLL_STORE_URL", "env:MISSING"), Map.of()))
                .hasMessageContaining("env:MISSING");
    }

    @Test
    void file_thatIsEmptyOrAbsent_leavesTheDefaults() throws IOException {
        assertThat(server(Map.of(), Map.of())).isEqualTo(ServerConfig.DEFAULT);
        file("# nothing yet\n");
        assertThat(server(Map.of(), Map.of())).isEqualTo(ServerConfig.DEFAULT);
    }

    private ServerConfig server(Map<String, String> environment, Map<String, String> flags) {
        return Configuration.of(Settings.of(home, environment, flags)).server();
    }

    private void file(String text) throws IOException {
        Files.writeString(home.resolve(Settings.FILE), text);
    }
}
