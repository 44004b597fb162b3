package org.plimsoll.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.plimsoll.access.AccessOperations.Me;
import org.plimsoll.access.AccessOperations.WhoAmI;
import picocli.CommandLine.Command;

@Command(name = "status", description = "Says which server answers, who you are there, and what runs.")
final class StatusCommand extends RemoteCommand {

    @Override
    int run() {
        Me me = operations().perform(new WhoAmI());
        String where = elsewhere()
                .map(Object::toString)
                .orElseGet(() -> home().path()
                        + home().running()
                                .map(it -> it.brief() ? "  (no server is up)" : "  at " + it.url())
                                .orElse(""));
        out().say(where);
        String roles = me.grants().stream()
                .map(grant -> grant.role() + " on " + grant.resource())
                .collect(Collectors.joining(", "));
        out().say("You are " + me.principal().login()
                + (me.team() ? " (" + roles + ")" : ", the one person this home serves; not proved further"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("server", where);
        answer.put("me", me);
        out().json(answer);
        return Exit.DONE;
    }
}
