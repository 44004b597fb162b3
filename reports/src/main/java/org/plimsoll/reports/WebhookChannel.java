package org.plimsoll.reports;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Posts each message as a CloudEvent, signed as {@link WebhookSignature} says:
 *
 * <pre>
 *   POST url
 *   content-type: application/cloudevents+json; charset=utf-8
 *   webhook-id: 0199…                        the message's id: the same when it is tried again
 *   webhook-timestamp: 1772366400            seconds; a receiver refuses what is old
 *   webhook-signature: v1,…                  where the channel has a secret
 * </pre>
 *
 * Only a status from 200 to 299 means taken; redirects are not followed.
 */
final class WebhookChannel implements Channel {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);

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
                "webhook-signature",
                WebhookSignature.of(reference.resolve(environment), message.id(), timestamp, body)));
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
        } catch (ConnectException e) { // which says nothing itself
            throw new IOException(
                    "nobody answers at " + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the receiver was asked", e);
        }
    }
}
