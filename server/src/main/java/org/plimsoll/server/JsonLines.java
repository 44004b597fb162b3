package org.plimsoll.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.plimsoll.core.Json;

/** The log: one JSON object a line on standard error, for machines and for grep. Never a payload, never a secret. */
public final class JsonLines extends Formatter {

    /**
     * Sends only what is SEVERE, to a log that begins when somebody first writes to it: to begin, the JVM looks into each jar on the
     * class path for another log, which takes a twentieth of a short command.
     */
    public static void beginWhenWritten() {
        System.setProperty("java.util.logging.config.class", OnlySevere.class.getName());
    }

    /** What the JVM makes as its log begins. */
    public static final class OnlySevere {
        public OnlySevere() {
            begin(Level.SEVERE);
        }
    }

    /** Sends everything at this level or above to standard error; libraries only from WARNING. */
    public static void begin(Level level) {
        LogManager.getLogManager().reset();
        var handler = new ConsoleHandler();
        handler.setFormatter(new JsonLines());
        handler.setLevel(level);
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        root.setLevel(level.intValue() > Level.WARNING.intValue() ? level : Level.WARNING);
        Logger.getLogger("org.plimsoll").setLevel(level);
    }

    @Override
    public String format(LogRecord entry) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("at", entry.getInstant().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("level", entry.getLevel().getName());
        if (entry.getParameters() != null
                && entry.getParameters().length == 1
                && entry.getParameters()[0] instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> line.put(String.valueOf(name), value));
        } else {
            line.put("from", entry.getLoggerName());
            line.put("message", formatMessage(entry));
        }
        if (entry.getThrown() != null) {
            var trace = new StringWriter();
            entry.getThrown().printStackTrace(new PrintWriter(trace));
            line.put("thrown", trace.toString());
        }
        return Json.text(line) + "\n";
    }
}
