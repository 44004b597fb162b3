package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.plimsoll.core.Needs;

/** The demo's pages, in a real browser: what leadership reads, at a desk and on a phone. */
@Needs(Needs.Thing.CHROMIUM)
@ExtendWith(PlayedDemo.Player.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoPagesTest {

    private final PlayedDemo demo;
    private final List<String> complaints = new ArrayList<>();
    private Playwright playwright;
    private Browser browser;

    DemoPagesTest(PlayedDemo demo) {
        this.demo = demo;
    }

    @BeforeAll
    void open() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(Needs.Thing.CHROMIUM.command()))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    void close() {
        browser.close();
        playwright.close();
    }

    @Test
    void pages_withoutASession_askToSignIn_andRefuseAWrongPassword() throws Exception {
        Page page = page(1280);
        page.navigate(demo.address() + "/");
        assertThat(page.url()).endsWith("/sign-in");
        signIn(page, "ana", "guess");
        assertThat(page.textContent("main")).doesNotContain("Models in production");
        assertThat(page.textContent(".notice")).isNotBlank();
    }

    @Test
    void overview_saysWhatRunsWhyHowWellAndWhoIsAccountable() throws Exception {
        Page page = page(1280);
        signIn(page, "ben", demo.password("ben"));
        assertThat(page.title()).startsWith("Models in production");
        assertThat(page.textContent("main"))
                .contains("late-arrival@", "Approved", "Ben Ng", "deputy: Mira Okafor", "auc", "of labels in");
        assertThat(page.locator("h1").count()).isEqualTo(1);
        follow(page, "text=Sign out");
        page.navigate(demo.address() + "/");
        assertThat(page.url()).endsWith("/sign-in");
        assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    @Test
    void incident_isReadAndAnnotatedWithoutScript() throws Exception {
        Page page = page(1280, false);
        signIn(page, "mira", demo.password("mira"));
        follow(page, "nav >> text=Incidents");
        assertThat(page.textContent("main")).contains("late-arrival", "What crossed which line");
        follow(page, "tbody a");
        assertThat(page.textContent("main")).contains("What to suspect", "looks at it");
        page.fill("#note", "Read on the page.");
        follow(page, "text=Add note");
        assertThat(page.textContent(".timeline")).contains("Mira Okafor", "Read on the page.");
        assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    @Test
    void monitoring_showsEachClaimAndEachColumn() throws Exception {
        Page page = page(1280);
        signIn(page, "ben", demo.password("ben"));
        page.navigate(demo.address() + "/monitoring/late-arrival");
        assertThat(page.textContent("main")).contains("days judged", "auc", "distance", "in training");
        assertThat(page.locator("svg.chart").count()).isGreaterThan(10);
        assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    @Test
    void monitoringAndIncidents_onAPhone_scrollOnlyDown() throws Exception {
        Page page = page(360);
        signIn(page, "ben", demo.password("ben"));
        for (String path : List.of("/monitoring", "/monitoring/late-arrival", "/incidents", "/incidents/1")) {
            page.navigate(demo.address() + path);
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as(path)
                    .isEqualTo(360);
        }
        assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    @Test
    void overview_onAPhone_scrollsOnlyDown() throws Exception {
        Page page = page(360);
        signIn(page, "ben", demo.password("ben"));
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    private void signIn(Page page, String login, String password) throws Exception {
        page.navigate(demo.address() + "/sign-in");
        page.fill("#login", login);
        page.fill("#password", password);
        follow(page, "main button");
    }

    /** Clicks, and waits for the whole page that follows: a click alone returns when its first bytes are there. */
    private static void follow(Page page, String selector) {
        page.click(selector);
        page.waitForLoadState();
    }

    private Page page(int width) {
        return page(width, true);
    }

    private Page page(int width, boolean hasScript) {
        Page page = browser.newPage(
                new Browser.NewPageOptions().setViewportSize(width, 800).setJavaScriptEnabled(hasScript));
        page.onConsoleMessage(message -> {
            if (!message.text().contains("401")) { // a wrong password is answered so
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        return page;
    }
}
