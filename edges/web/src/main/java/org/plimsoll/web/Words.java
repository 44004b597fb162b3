package org.plimsoll.web;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.monitoring.Incident;
import org.plimsoll.monitoring.WatchedClaim;
import org.plimsoll.monitoring.Window;

/** How pages write days, numbers and people; absent is a dash. */
public final class Words {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);
    private static final int MOST_NOTABLE = 60;
    private static final String ABSENT = "–";

    private Words() {}

    public static String day(LocalDate day) {
        return DAY.format(day);
    }

    /** Three digits that matter, with a real minus. */
    public static String number(Optional<Double> value) {
        return value.map(it -> {
                    double size = Math.abs(it);
                    String form = size >= 100 ? "%,.0f" : size >= 0.1 || size == 0 ? "%.3f" : "%.2g";
                    return String.format(Locale.ROOT, form, it).replace('-', '−');
                })
                .orElse(ABSENT);
    }

    public static String name(String principal, Map<String, String> names) {
        return names.getOrDefault(principal, principal);
    }

    public static String names(List<String> principals, Map<String, String> names) {
        return principals.isEmpty()
                ? ABSENT
                : String.join(
                        ", ", principals.stream().map(it -> name(it, names)).toList());
    }

    /** Who has to do with an incident now. */
    public static String who(Incident incident, Map<String, String> names) {
        return incident.acknowledged()
                .map(act -> name(act.by(), names))
                .orElseGet(() -> incident.paged().isEmpty()
                        ? "nobody was paged yet"
                        : name(incident.paged().getLast(), names) + " was paged");
    }

    public static String count(long rows) {
        return String.format(Locale.ROOT, "%,d", rows);
    }

    /** What a claim is about, and whether it was promised or was so at approval. */
    public static String claim(WatchedClaim claim) {
        String where = claim.segment()
                .map(segment -> ", " + segment + " " + claim.value().orElse(""))
                .orElse("");
        return claim.metric()
                + where
                + (claim.origin() == WatchedClaim.Origin.OBLIGATION ? ", promised" : ", as approved");
    }

    /** The claims of the newest window whose truths are known. */
    public static List<WatchedClaim> newestClaims(List<Window> windows) {
        return windows.reversed().stream()
                .filter(window -> window.performance().stream()
                        .anyMatch(claim -> claim.measured().isPresent()))
                .findFirst()
                .map(Window::performance)
                .orElse(List.of());
    }

    /** Windows with something beyond a bound, newest first. */
    public static List<Window> notable(List<Window> windows) {
        return windows.reversed().stream()
                .filter(window -> !window.crossings().isEmpty())
                .limit(MOST_NOTABLE)
                .toList();
    }
}
