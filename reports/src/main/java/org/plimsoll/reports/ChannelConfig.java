package org.plimsoll.reports;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.plimsoll.core.Problem;

/**
 * How one channel is reached, as {@code plimsoll.yaml} says it:
 *
 * <pre>
 * notifications:
 *   channels:
 *     - {name: pager, kind: webhook, url: https://pager.example.org/in, secret: env:PAGER_SECRET}
 *     - name: mail
 *       kind: smtp
 *       host: mail.example.org
 *       user: plimsoll
 *       password: file:/run/secrets/mail
 *       from: plimsoll@example.org
 *       to: [oncall@example.org]
 *       events: [incident.*, endpoint.rolled-back]
 * </pre>
 *
 * @param events what it is told of: types, or a noun's family such as {@code incident.*}; absent: whatever pages somebody
 * @param url where a webhook listens
 * @param secret signs what a webhook is sent, see {@link WebhookChannel}
 * @param port 587 where absent, 465 with TLS, 25 without either
 * @param security how the way to a mail server is kept private; {@code starttls} where absent
 * @param to who always gets the mail, besides those who are paged and have an address
 */
public record ChannelConfig(
        String name,
        Kind kind,
        List<String> events,
        Optional<URI> url,
        Optional<SecretReference> secret,
        Optional<String> host,
        Optional<Integer> port,
        Optional<Security> security,
        Optional<String> user,
        Optional<SecretReference> password,
        Optional<String> from,
        List<String> to) {

    /** Kinds of channels. */
    public enum Kind {
        /** HTTP POST of a CloudEvent. */
        WEBHOOK,
        /** A mail. */
        SMTP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How the way to a mail server is kept private. */
    public enum Security {
        /** The conversation turns private before anything is said; refused where the server cannot. */
        STARTTLS,
        /** Private from the first byte. */
        TLS,
        /** Not at all: within one machine. */
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What pages somebody. */
    private static final List<String> PAGES = List.of("incident.paged", "incident.escalated");

    /** Every channel is told when somebody tries whether it works. */
    static final String TEST = "page.tested";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Pattern EVENT = Pattern.compile("[a-z]+(-[a-z]+)*\\.(\\*|[a-z]+(-[a-z]+)*)");
    private static final Pattern ADDRESS = Pattern.compile("[^@\\s<>]+@[^@\\s<>]+");

    public ChannelConfig {
        events = List.copyOf(events);
        to = List.copyOf(to);
        if (!NAME.matcher(name).matches()) {
            throw Problem.invalid("channel", name, "a name of small letters, digits and '-'");
        }
        for (String event : events) {
            if (!EVENT.matcher(event).matches()) {
                throw Problem.invalid(
                        "channel " + name + ": events", event, "a type such as incident.paged or incident.*");
            }
        }
        if (kind == Kind.WEBHOOK) {
            checkWebhook(name, url);
        } else {
            need(name, "host", host.isPresent());
            need(name, "from", from.filter(ADDRESS.asMatchPredicate()).isPresent());
            need(name, "password for its user", user.isPresent() == password.isPresent());
            to.forEach(address -> need(name, "an address instead of `" + address + "`", isAddress(address)));
        }
    }

    private static void checkWebhook(String name, Optional<URI> url) {
        boolean isHttp = url.filter(
                        it -> it.getHost() != null && ("https".equals(it.getScheme()) || "http".equals(it.getScheme())))
                .isPresent();
        need(name, "url, https://HOST/PATH", isHttp);
    }

    private static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    private static void need(String name, String what, boolean isThere) {
        if (!isThere) {
            throw Problem.of(Problem.Kind.INVALID, "channel " + name + " needs " + what);
        }
    }

    /** Whether this channel is told of events of this type. */
    boolean wants(String type) {
        if (type.equals(TEST)) {
            return true;
        }
        if (type.equals(Notifications.DELIVERED)) {
            return false; // each would be followed by another one
        }
        return (events.isEmpty() ? PAGES : events)
                .stream()
                        .anyMatch(wanted -> wanted.endsWith(".*")
                                ? type.startsWith(wanted.substring(0, wanted.length() - 1))
                                : wanted.equals(type));
    }

    int portOrUsual() {
        return port.orElse(
                switch (security.orElse(Security.STARTTLS)) {
                    case STARTTLS -> 587;
                    case TLS -> 465;
                    case NONE -> 25;
                });
    }
}
