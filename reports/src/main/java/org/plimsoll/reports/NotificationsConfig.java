package org.plimsoll.reports;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.plimsoll.core.Problem;

/**
 * Whom Plimsoll tells of what, outside its own pages.
 *
 * @param giveUpAfter for how long a message that nobody takes is tried again; the failure stands on the leadership page then
 */
public record NotificationsConfig(List<ChannelConfig> channels, Duration giveUpAfter) {

    /** Nobody. */
    public static final NotificationsConfig DEFAULT = new NotificationsConfig(List.of(), Duration.ofHours(24));

    public NotificationsConfig {
        channels = List.copyOf(channels);
        Set<String> names = new HashSet<>();
        for (ChannelConfig channel : channels) {
            if (!names.add(channel.name())) {
                throw Problem.invalid("channels", channel.name() + " twice", "names that differ");
            }
        }
        if (!giveUpAfter.isPositive()) {
            throw Problem.invalid("give_up_after", giveUpAfter, "longer than nothing");
        }
    }
}
