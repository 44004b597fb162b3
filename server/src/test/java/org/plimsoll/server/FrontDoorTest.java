package org.plimsoll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.time.Clock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.access.AccessOperations.OpenToTeam;
import org.plimsoll.access.Operation;
import org.plimsoll.access.Operation.Audience;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Databases;

class FrontDoorTest {

    private static final String ME = "/api/v1/me";
    private static final String BEARER = "Bearer " + Running.HOME_TOKEN;

    @AutoClose
    private final Running server = new Running();

    @Test
    void owner_ofAHomeOfOnePerson_isKnownByItsToken() {
        HttpResponse<String> answer = server.send("GET", ME, "Authorization", BEARER, "X-Request-Id", "mine-1");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"LOCAL\"");
        assertThat(answer.headers().firstValue("X-Request-Id")).contains("mine-1");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "user@localhost"})
    void host_thatIsNotOurs_isRefused(String host) {
        assertThat(server.send("GET", ME, "Authorization", BEARER, "Host", host).statusCode())
                .isIn(400, 403);
    }

    @Test
    void page_ofAnotherSite_changesNothing() {
        String[][] foreign = {
            {"Sec-Fetch-Site", "cross-site"},
            {"Sec-Fetch-Site", "same-site"},
            {"Origin", "http://evil.example"},
            {"Origin", "null"},
        };
        for (String[] header : foreign) {
            HttpResponse<String> answer =
                    server.send("POST", "/api/v1/home/team", "Authorization", BEARER, header[0], header[1]);
            assertThat(answer.statusCode()).as(header[0] + ": " + header[1]).isEqualTo(403);
        }
        assertThat(server.send("POST", "/api/v1/home/team", "Cookie", "plimsoll_session=" + Running.HOME_TOKEN)
                        .statusCode())
                .as("a cookie, and nothing that says where it comes from")
                .isEqualTo(403);
        assertThat(server.application.standing().isTeam()).isFalse();
        assertThat(server.send("GET", ME, "Cookie", "plimsoll_session=" + Running.HOME_TOKEN)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void credential_thatDoesNotHold_isRefusedAndNothingOfItComesBack() {
        for (String wrong : new String[] {"Bearer guess", "Bearer plm_" + "0".repeat(49), "Bearer "}) {
            HttpResponse<String> answer = server.send("GET", ME, "Authorization", wrong);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).doesNotContain("guess");
        }
    }

    /** Every address there is, asked without a credential and by somebody without a role: none lets them in. */
    @Test
    void everyRoute_withoutACredentialOrARole_letsNobodyIn() {
        server.application.entrance().as(Actor.SYSTEM);
        String nobody = server.token("nobody");
        server.application.entrance().as(Actor.SYSTEM).perform(new OpenToTeam());
        int refused = 0;
        for (Operation<?, ?, ?> operation : Rooms.CATALOGUE.all()) {
            String path = "/api/v1" + operation.path().replaceAll("\\{[^}]+}", "1");
            int anonymous = server.send(operation.method(), path).statusCode();
            int stranger = server.send(operation.method(), path, "Authorization", "Bearer " + nobody)
                    .statusCode();
            if (operation.audience() == Audience.ROLES) {
                assertThat(anonymous).as("anonymous: " + operation.name()).isIn(400, 401, 404);
                assertThat(stranger).as("no role: " + operation.name()).isIn(400, 403, 404);
                refused += anonymous == 401 && stranger == 403 ? 1 : 0;
            }
        }
        assertThat(refused).as("asked in earnest").isGreaterThan(5);
    }

    @Test
    void health_andInstance_needNoCredential_metricsOfATeamDo() {
        assertThat(server.send("GET", "/health/ready").body()).contains("ready");
        assertThat(server.send("GET", "/instance").body()).isEqualTo(server.application.instance());
        server.send("GET", ME, "Authorization", BEARER);
        String counted = "plimsoll_requests_seconds_count{operation=\"principal.me\",status=\"200\"} 1";
        String metrics = "";
        for (int i = 0; i < 500 && !metrics.contains(counted); i++) { // a request is counted once it has been answered
            metrics = server.send("GET", "/metrics").body();
        }
        assertThat(metrics).contains(counted);
        server.application.entrance().as(Actor.SYSTEM).perform(new OpenToTeam());
        int status = 200;
        for (int i = 0; i < 500 && status == 200; i++) { // memory follows the commit, 50 ms behind at most
            status = server.send("GET", "/metrics").statusCode();
        }
        assertThat(status).isEqualTo(401);
    }

    @Test
    void port_inUse_isSaidWithAnotherToTry() {
        int port = server.application.port();
        assertThatThrownBy(() ->
                        new Application(Databases.freshHome(), Running.configuration(port), Clock.systemUTC(), "token"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("port " + port + " on 127.0.0.1 is in use")
                .hasMessageContaining("--port " + (port + 1));
    }
}
