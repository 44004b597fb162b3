package org.plimsoll.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over the wire is wrong in every way: it is told what is wrong and where, and nothing changes. */
class ApiEdgeTest {

    private static final String JSON = "application/json";

    @AutoClose
    private final Wire wire = new Wire();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                            | not JSON",
                "                                             | title is missing",
                "[]                                           | a JSON object",
                "\"text\"                                     | a JSON object",
                "{\"title\": \"a\"}                           | weight is missing",
                "{\"weight\": 1}                              | title is missing",
                "{\"title\": null, \"weight\": 1}             | title must not be null",
                "{\"title\": \"a\", \"weight\": \"heavy\"}    | a number",
                "{\"title\": \"a\", \"weight\": NaN}          | not JSON",
                "{\"title\": \"a\", \"weight\": 1, \"pages\": 1.5} | pages",
                "{\"title\": \"a\", \"weight\": 1, \"tags\": {}} | tags",
                "{\"title\": \"a\", \"weight\": 1, \"titel\": 1} | titel is not a field here; known: at, model, pages, tags, title, weight",
                "{\"title\": \"a\", \"title\": \"b\", \"weight\": 1} | stands twice",
                "{\"title\": \"a\", \"weight\": 1, \"at\": \"yesterday\"} | an instant",
                "{\"title\": \"a\", \"weight\": 1} {}         | ",
                "{\"title\": \"a\", \"weight\": 1, \"model\": \"other\"} | the same as in the address",
            })
    void body_thatIsWrong_isRefusedInTheCallersWords(String body, String says) {
        HttpResponse<String> answer = wire.send("POST", "/models/late/books", JSON, body == null ? "" : body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body())
                .contains(says == null ? "" : says)
                .contains("request-1")
                .doesNotContain("java.")
                .doesNotContain("org.plimsoll");
        assertThat(wire.events()).isZero();
    }

    @Test
    void body_beyondItsLimit_isRefusedWhileReading() {
        String body = "{\"title\": \"" + "x".repeat(20_000) + "\", \"weight\": 1}";
        HttpResponse<String> answer = wire.send("POST", "/models/late/books", JSON, body);
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("10000");
        assertThat(wire.events()).isZero();
    }

    @Test
    void body_nestedTenThousandDeep_isRefused() {
        String body = "{\"tags\": " + "[".repeat(4_000) + "]".repeat(4_000) + "}";
        assertThat(wire.send("POST", "/models/late/books", JSON, body).statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonx"})
    void body_ofAnotherType_isRefused(String type) {
        String body = "{\"title\": \"a\", \"weight\": 1}";
        assertThat(wire.send("POST", "/models/late/books", type, body).statusCode())
                .isEqualTo(400);
        assertThat(wire.events()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2F..%2Fetc", "%2e%2e", "UPPER", "a%00b", "a%0Ab", "a%20b", "%E2%80%AE", "x%5Cy"})
    void name_thatIsNotOne_isRefused(String name) {
        HttpResponse<String> answer =
                wire.send("POST", "/models/" + name + "/books", JSON, "{\"title\": \"a\", \"weight\": 1}");
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 404);
        assertThat(wire.events()).isZero();
    }

    @Test
    void address_withAFieldOfThePathInItsQuery_isRefused() {
        HttpResponse<String> answer = wire.send("GET", "/models/late/books?model=other", JSON, "");
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void address_thatIsNone_isNotFoundAsAProblem() {
        HttpResponse<String> answer = wire.send("GET", "/nothing", JSON, "");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("urn:plimsoll:problem:not-found");
    }

    @Test
    void answers_tellTheEventTheyLeftAndAcceptWhatTakesLong() {
        HttpResponse<String> put = wire.send("POST", "/models/late/books", JSON, "{\"title\": \"a\", \"weight\": 1}");
        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(put.headers().firstValue("Plimsoll-Event")).isPresent();
        assertThat(wire.send("POST", "/models/late/binding", JSON, "{}").statusCode())
                .isEqualTo(202);
    }

    @Test
    void download_isAnAttachmentWithASafeName() {
        HttpResponse<String> answer = wire.send("GET", "/models/late/book.txt", JSON, "");
        assertThat(answer.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"a_book.txt\"");
    }

    @Test
    void openApi_describesEveryOperationWithItsFields() {
        var document = OpenApi.of(wire.catalogue);
        var put = document.at("/paths/~1api~1v1~1models~1{model}~1books/post");
        assertThat(put.path("operationId").asString()).isEqualTo("book.put");
        String schemas = document.at("/components/schemas").toString();
        assertThat(schemas).contains("\"PutBook\"").contains("\"weight\"");
        assertThat(document.at("/components/schemas/PutBook/required").toString())
                .isEqualTo("[\"model\",\"title\",\"weight\"]");
        assertThat(document.at("/components/schemas/PutBook/properties/model/type")
                        .asString())
                .isEqualTo("string");
    }
}
