// Debian's chromium, watched: a page that throws, breaks its policy or asks for what is not there fails the test.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

import { k_password, k_shots } from "./world.mjs";

const k_axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const k_tallest = 1_700; // pixels of a screenshot
const k_sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

export async function launch(args = []) {
    const root = process.getuid() === 0;
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        chromiumSandbox: !root,
        args: ["--disable-dev-shm-usage", ...args],
    });
}

/// A window with a session of its own. `troubles` collects what went wrong; statuses that a test provokes are named in `expected`.
export async function open(browser, world, { size = "desktop", scheme = "light", language = "id-ID", expected = [] } = {}) {
    const context = await browser.newContext({ viewport: k_sizes[size], colorScheme: scheme, locale: language, baseURL: world.url, timezoneId: "America/New_York", reducedMotion: "reduce" });
    const page = await context.newPage();
    page.setDefaultTimeout(45_000); // the machine may be busy with other tests
    const troubles = [];
    watch(page, troubles, expected);
    return { context, page, troubles };
}

export function watch(page, troubles, expected = []) {
    page.on("pageerror", (error) => troubles.push(`thrown: ${error.stack ?? error}`));
    page.on("console", (message) => {
        // Chromium says so of each failed request, which is looked at below.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource") && !message.text().includes("WebSocket")) troubles.push(`console: ${message.text()}`);
    });
    page.on("response", (response) => {
        if (response.status() >= 400 && !expected.includes(response.status())) troubles.push(`${response.status()} ${response.url()}`);
    });
    page.on("dialog", (dialog) => {
        troubles.push(`dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
}

export async function logIn(page, name = "admin", path = "/ui/") {
    await page.goto(path);
    await page.locator("input[name=name]").fill(name);
    await page.locator("input[name=password]").fill(k_password);
    await page.locator("form button[type=submit]").click();
    await page.locator("header.bar").waitFor();
}

/// Nothing on the page is still being loaded.
export async function settled(page) {
    await page.locator("main h1").first().waitFor();
    await page.waitForFunction(() => document.querySelector("main [aria-busy=true], main .skeleton") === null);
}

/// What axe has to say of the page, light and dark, as lines; empty if all is well. Only what is serious or critical counts.
export async function axeFindings(page) {
    // Past the policy of the page, which rightly lets no script in.
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: k_axe });
    await session.detach();
    const findings = [];
    for (const colorScheme of ["dark", "light"]) {
        await page.emulateMedia({ colorScheme });
        const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
        if (passes.length < 5) findings.push(`axe has looked at nothing: ${passes.length} rules`);
        for (const { id, help, impact, nodes } of violations) {
            if (impact !== "serious" && impact !== "critical") continue;
            findings.push(...nodes.map((node) => `${colorScheme}: ${id}: ${help}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`));
        }
    }
    return findings;
}

/// The longest time between two frames that the page draws, in so many milliseconds.
export function longestPause(page, milliseconds) {
    return page.evaluate((span) => new Promise((resolve) => {
        let last = performance.now(), worst = 0;
        const end = last + span;
        const beat = (now) => {
            worst = Math.max(worst, now - last);
            last = now;
            if (now < end) requestAnimationFrame(beat);
            else resolve(worst);
        };
        requestAnimationFrame(beat);
    }), milliseconds);
}

/// Desktop and phone, light and dark; the page keeps its size afterwards.
export async function shoot(page, name) {
    await mkdir(k_shots, { recursive: true });
    const before = page.viewportSize();
    for (const [size, viewport] of Object.entries(k_sizes)) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ["light", "dark"]) {
            await page.emulateMedia({ colorScheme });
            const height = Math.min(k_tallest, await page.evaluate(() => document.documentElement.scrollHeight));
            await page.screenshot({ path: join(k_shots, `${name}-${size}-${colorScheme}.png`), fullPage: true, animations: "disabled", clip: { x: 0, y: 0, width: viewport.width, height } });
        }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(before);
}
