package org.plimsoll.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/** Draws a template of {@code src/main/jte} as a page; the build has compiled it, and it escapes what it is given. */
final class Html {

    private static final HeaderName CONTENT_POLICY = HeaderNames.create("Content-Security-Policy");

    /** No script but our own, no style in attributes, nothing from elsewhere, and in nobody's frame. */
    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
            + "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final TemplateEngine PAGES =
            TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.plimsoll.web.pages");

    private Html() {}

    static void send(ServerResponse response, Status status, String template, Map<String, Object> model) {
        var output = new Utf8ByteOutput();
        PAGES.render(template, model, output);
        var bytes = new ByteArrayOutputStream(output.getContentLength());
        try {
            output.writeTo(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        response.status(status);
        response.header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8");
        response.header(CONTENT_POLICY, POLICY);
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.send(bytes.toByteArray());
    }
}
