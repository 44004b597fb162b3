package org.plimsoll.reports;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.plimsoll.core.Problem;

/**
 * Posts each message as a CloudEvent, signed the way of Standard Webhooks [1], so that the libraries of that standard verify it:
 *
 * <pre>
 *   POST url
 *   content-type: application/cloudevents+json; charset=utf-8
 *   webhook-id: 0199…                        the message's id: the same when it is tried again
 *   webhook-timestamp: 1772366400            seconds; a receiver refuses what is old
 *   webhook-signature: v1,base64(HMAC-SHA256(key, id + "." + timestamp + "." + body))
 * </pre>
 *
 * The key is the secret's UTF-8 bytes, or, where it begins with {@code whsec_}, what the base64 after it says. Only a status from
 * 200 to 299 means taken; redirects are not followed.
 *
 * <p>[1] https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
final class WebhookChannel implements Channel {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final String ENCODED = "whsec_";

    private final URI url;
    private final Optional<SecretReference> secret;
    private final Map<String, String> environment;
    private final Clock clock;

    WebhookChannel(ChannelConfig config, Map<String, String> environment, Clock clock) {
        this.url = config.url().orElseThrow();
        this.secret = config.secret();
        this.environment = Map.copyOf(environment);
        this.clock = clock;
    }

    @Override
    public void send(Message message) throws IOException {
        byte[] body = message.cloudEvent();
        String timestamp = String.valueOf(clock.instant().getEpochSecond());
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(ANSWER)
                .header("Content-Type", "application/cloudevents+json; charset=utf-8")
                .header("webhook-id", message.id())
                .header("webhook-timestamp", timestamp)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        secret.ifPresent(reference -> request.header(
                "webhook-signature", signature(reference.resolve(environment), message.id(), timestamp, body)));
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build()) {
            int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status < 200 || status > 299) {
                throw new IOException("the receiver answered " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the receiver was asked", e);
        }
    }

    static String signature(String secret, String id, String timestamp, byte[] body) {
        byte[] key = secret.startsWith(ENCODED)
                ? decoded(secret.substring(ENCODED.length()))
                : secret.getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK knows HmacSHA256", e);
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("secret", "whsec_ and something else", "base64 after whsec_");
        }
    }
}
