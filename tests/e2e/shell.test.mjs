// What is around every page: logging in, roles, languages, the connection, keyboards, policies.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axeFindings, launch, logIn, open, settled, shoot, watch } from "./browser.mjs";
import { k_password, k_shots, World } from "./world.mjs";

let world, browser;
before(async () => {
    world = await World.make();
    await world.serve();
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await world?.end();
});

const expectCalm = (troubles) => assert.deepEqual(troubles, []);

test("logging in: wrong, right, back to where one wanted to go, and out again", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401] });
    await page.goto("/ui/events?kind=recognized");
    await page.waitForURL(/\/ui\/login\?next=/);
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "login");
    await page.locator("input[name=name]").fill("admin");
    await page.locator("input[name=password]").fill("wrong horse battery");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Nama atau kata sandi salah").waitFor();
    await page.locator("input[name=password]").fill(k_password);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/ui\/events\?kind=recognized$/);
    assert.equal(await page.locator("select[name=kind]").inputValue(), "recognized");
    await page.locator("details.account summary").click();
    await page.getByRole("button", { name: "Keluar" }).click();
    await page.locator("input[name=password]").waitFor();
    assert.deepEqual((await context.cookies()).filter(({ name }) => name === "bioctl_session"), []);
    expectCalm(troubles);
    await context.close();
});

test("nobody is led to another site by a link to the login", async () => {
    for (const next of ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]) {
        const { context, page } = await open(browser, world, { expected: [401] });
        await logIn(page, "viewer", `/ui/login?next=${encodeURIComponent(next)}`);
        await settled(page);
        assert.equal(page.url(), `${world.url}/ui/`);
        await context.close();
    }
});

test("the menu shows what the role may see, and pages offer what it may do", async () => {
    for (const [name, count] of [["viewer", 0], ["operator", 1], ["admin", 1]]) {
        const { context, page, troubles } = await open(browser, world, { expected: [401] });
        await logIn(page, name, "/ui/devices");
        await settled(page);
        assert.equal(await page.locator(".page-head").getByRole("button", { name: "Tambah terminal" }).count(), count, name);
        assert.ok((await page.locator("nav.menu a").count()) >= 5);
        assert.equal(await page.locator("nav.menu a[aria-current=page]").innerText(), "Terminal");
        expectCalm(troubles);
        await context.close();
    }
});

test("language and appearance are chosen once, and kept", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401], language: "en-US" });
    await logIn(page);
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await page.locator("details.account summary").click();
    await page.getByRole("radio", { name: "Indonesia" }).click(); // draws everything anew
    await page.getByRole("heading", { name: "Ringkasan", level: 1 }).waitFor();
    await page.locator("details.account summary").click();
    await page.getByRole("radio", { name: "Gelap" }).check();
    await page.reload();
    await page.getByRole("heading", { name: "Ringkasan", level: 1 }).waitFor();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    assert.equal(await page.locator("html").getAttribute("lang"), "id");
    await page.locator("details.account summary").click();
    await shoot(page, "account-menu");
    assert.deepEqual(await axeFindings(page), []);
    expectCalm(troubles);
    await context.close();
});

test("the password: changed by its owner, in the account menu", async () => {
    world.bioctl("accounts", "add", "siti", "--role", "viewer", "--password-file", "password");
    const { context, page, troubles } = await open(browser, world, { expected: [401, 422] });
    await logIn(page, "siti");
    const change = async (current, next, again) => {
        await page.locator("input[name=current]").fill(current);
        await page.locator("input[name=next]").fill(next);
        await page.locator("input[name=again]").fill(again);
        await page.getByRole("button", { name: "Ganti", exact: true }).click();
    };
    await page.locator("details.account summary").click();
    await page.getByRole("button", { name: "Ganti kata sandi" }).click();
    await change(k_password, "a new horse battery", "an odd horse battery");
    await page.getByRole("alert").getByText("tidak sama").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "password");
    await change("wrong horse battery", "a new horse battery", "a new horse battery");
    await page.getByRole("alert").getByText("Kata sandi sekarang salah").waitFor();
    await change(k_password, "a new horse battery", "a new horse battery");
    await page.locator(".toast").getByText("Kata sandi diganti").waitFor();
    assert.equal(await page.locator("dialog").count(), 0);
    // The session is a new one, and its changes still pass.
    await page.goto("/ui/people");
    await settled(page);
    expectCalm(troubles);
    await context.close();
});

test("an address that leads nowhere says so; what the server does not know is 404", async () => {
    const { context, page } = await open(browser, world, { expected: [401, 404] });
    await logIn(page);
    const response = await page.goto("/ui/nowhere/at/all");
    assert.equal(response.status(), 404);
    await page.getByRole("heading", { name: "Halaman tidak ada" }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("link", { name: "Ke halaman depan" }).click();
    await page.getByRole("heading", { name: "Ringkasan" }).waitFor();
    await context.close();
});

test("all of it works with the keyboard alone", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401] });
    await page.goto("/ui/login");
    await page.locator("input[name=name]").waitFor();
    await page.keyboard.type("admin");
    await page.keyboard.press("Tab");
    await page.keyboard.type(k_password);
    await page.keyboard.press("Enter");
    await page.locator("header.bar").waitFor();
    await settled(page);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1", "the first page has the focus");
    await page.reload();
    await settled(page);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await shoot(page, "skip-link");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
    const focusOn = async (name) => {
        for (let count = 0; count < 60; ++count) {
            await page.keyboard.press("Tab");
            if (await page.evaluate((text) => document.activeElement?.textContent.trim() === text || document.activeElement?.getAttribute("aria-label") === text, name)) return;
        }
        assert.fail(`Tab never came to ${name}`);
    };
    await page.evaluate(() => document.querySelector(".brand").focus());
    await focusOn("Terminal");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Terminal", level: 1 }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1", "the new page has the focus");
    await focusOn("Tambah terminal");
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Tambah terminal", "the focus is back");
    expectCalm(troubles);
    await context.close();
});

test("two tabs agree: on who is logged in, and on what one of them changes", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401, 403] });
    await logIn(page);
    const other = await context.newPage();
    watch(other, troubles, [401, 403]);
    await other.goto("/ui/devices");
    await settled(other);
    await page.goto("/ui/devices");
    await settled(page);
    await page.locator(".page-head").getByRole("button", { name: "Tambah terminal" }).click();
    await page.locator("dialog input[name=name]").fill("gate");
    await page.locator("dialog input[name=url]").fill("http://192.0.2.10");
    await page.locator("dialog input[name=password]").fill("s3cret");
    await page.locator("dialog button[type=submit]").click();
    await other.getByRole("link", { name: "gate", exact: true }).waitFor();
    // A login in one tab gives the other a new token without a reload.
    await page.locator("details.account summary").click();
    await page.getByRole("button", { name: "Keluar" }).click();
    await other.locator("input[name=password]").waitFor();
    await logIn(page);
    await other.locator("header.bar").waitFor();
    await other.goto("/ui/devices/gate");
    await settled(other);
    await page.evaluate(async (password) => {
        await fetch("/api/v2/session", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: "admin", password }) });
    }, k_password);
    await other.getByRole("button", { name: "Nonaktifkan" }).click();
    await other.getByRole("button", { name: "Aktifkan" }).waitFor();
    expectCalm(troubles);
    await context.close();
});

test("the network goes and comes: what was shown stays, pages still open, and it recovers by itself", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401] });
    await logIn(page, "viewer");
    await settled(page);
    await page.locator(".link-state.live").waitFor();
    await page.waitForLoadState("networkidle");
    await world.stopServing();
    await page.locator(".link-state.polling, .link-state.offline").waitFor();
    await page.locator("nav.menu").getByRole("link", { name: "Peristiwa" }).click();
    await page.getByRole("heading", { name: "Peristiwa" }).waitFor();
    await page.locator(".banner").getByText("tidak dapat dihubungi").waitFor();
    await page.getByRole("main").getByRole("alert").getByText("tidak dapat dihubungi").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "offline");
    await page.goBack();
    await page.getByRole("heading", { name: "Ringkasan" }).waitFor();
    await world.serve();
    await page.locator(".link-state.live").waitFor({ timeout: 60_000 });
    await page.locator(".banner").waitFor({ state: "detached" });
    await settled(page);
    assert.ok((await page.locator(".tile").count()) >= 4);
    expectCalm(troubles.filter((one) => !/ERR_CONNECTION_REFUSED/.test(one)));
    await context.close();
});

test("without the live connection the page asks from time to time, and says so", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401] });
    await page.routeWebSocket(/\/ws\/live/, (socket) => socket.close());
    await logIn(page, "viewer", "/ui/devices");
    await page.locator(".link-state.polling").waitFor();
    await settled(page);
    world.bioctl("devices", "add", "polled", "http://192.0.2.77", "--user", "admin", "--password-file", "device-password");
    await page.getByRole("link", { name: "polled" }).waitFor({ timeout: 30_000 });
    expectCalm(troubles);
    await context.close();
});

test("a session that ends elsewhere leads to the login, and back", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401] });
    await logIn(page, "operator", "/ui/people");
    await settled(page);
    world.bioctl("accounts", "disable", "operator");
    await page.locator("nav.menu").getByRole("link", { name: "Terminal" }).click();
    await page.locator("input[name=password]").waitFor();
    world.bioctl("accounts", "enable", "operator");
    await logIn(page, "operator", page.url());
    await page.getByRole("heading", { name: "Terminal", level: 1 }).waitFor();
    expectCalm(troubles);
    await context.close();
});

test("the policy stops scripts and styles that are written into the page", async () => {
    const { context, page } = await open(browser, world, { expected: [401] });
    await logIn(page);
    const broken = page.evaluate(() => new Promise((resolve) => {
        const seen = [];
        document.addEventListener("securitypolicyviolation", (event) => {
            seen.push(event.effectiveDirective);
            if (seen.length === 4) resolve(seen.sort());
        });
        const script = document.createElement("script");
        script.textContent = "globalThis.isBroken = true";
        document.body.append(script);
        const image = document.createElement("img");
        image.setAttribute("onerror", "globalThis.isBroken = true");
        image.src = "/nothing";
        document.body.append(image);
        const style = document.createElement("style");
        style.textContent = "body{display:none}";
        document.body.append(style);
        fetch("https://evil.example/").catch(() => {});
    }));
    assert.deepEqual(await broken, ["connect-src", "script-src-attr", "script-src-elem", "style-src-elem"]);
    assert.equal(await page.evaluate(() => globalThis.isBroken), undefined);
    await context.close();
});

test("elements are made of text, and links lead to pages only", async () => {
    const { context, page } = await open(browser, world, { expected: [401] });
    await page.goto("/ui/login");
    await page.locator("input[name=name]").waitFor();
    const found = await page.evaluate(async () => {
        const from = (name) => import(`${document.querySelector("script[type=module]").src.replace(/app\.js$/, name)}`);
        const { h, svg } = await from("h.js");
        const throws = (act) => {
            try {
                act();
                return false;
            } catch (error) {
                return error instanceof TypeError;
            }
        };
        const hrefs = ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,<b>", "vbscript:x", "https://ok.example/", "/ui/", "mailto:a@b.example"];
        return {
            text: h("p", {}, "<b>x</b>", ["a", [null, false, undefined, 0]]).innerHTML,
            hrefs: hrefs.map((href) => h("a", { href }).getAttribute("href")),
            link: svg("a", { href: "javascript:alert(1)" }).getAttribute("href"),
            refused: [{ onclick: "alert(1)" }, { style: "color:red" }, { innerHTML: "<b>" }, { srcdoc: "<b>" }].map((attributes) => throws(() => h("p", attributes))),
            selected: h("select", { value: "b" }, h("option", { value: "a" }), h("option", { value: "b" })).value,
        };
    });
    assert.equal(found.text, "&lt;b&gt;x&lt;/b&gt;a0");
    assert.deepEqual(found.hrefs, [null, null, null, null, null, "https://ok.example/", "/ui/", "mailto:a@b.example"]);
    assert.equal(found.link, null);
    assert.deepEqual(found.refused, [true, true, true, true]);
    assert.equal(found.selected, "b");
    await context.close();
});

test("times are of the server's zone, numbers of the language", async () => {
    const { context, page } = await open(browser, world, { expected: [401] });
    await page.goto("/ui/login");
    await page.locator("input[name=name]").waitFor();
    const said = await page.evaluate(async () => {
        const texts = await import(document.querySelector("script[type=module]").src.replace(/app\.js$/, "texts.js"));
        const now = Date.parse("2026-11-21T12:00:00Z");
        const all = () => [texts.moment("2026-11-21T18:30:05Z"), texts.number(1234.5), texts.duration(7_500_000), texts.duration(400), texts.ago("2026-11-21T11:57:00Z", now), texts.ago("2024-11-20T00:00:00Z", now), texts.ago(null), texts.t("events.new", { number: 1 }), texts.t("events.new", { number: 1200 })];
        const indonesian = all();
        texts.setLanguage("en");
        return [indonesian, all()];
    });
    assert.deepEqual(said[0], ["22 Nov 2026, 01.30.05", "1.234,5", "2 jam 5 menit", "400 ms", "3 menit yang lalu", "2 tahun yang lalu", "belum pernah", "1 peristiwa baru", "1.200 peristiwa baru"]);
    assert.deepEqual(said[1], ["22 Nov 2026, 01:30:05", "1,234.5", "2 hours 5 minutes", "400 ms", "3 minutes ago", "2 years ago", "never", "1 new event", "1,200 new events"]);
    await context.close();
});

test("on a phone the menu is behind a button, which Escape closes", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401], size: "phone" });
    await logIn(page);
    await settled(page);
    const menu = page.locator("nav.menu");
    assert.equal(await menu.isVisible(), false);
    await page.getByRole("button", { name: "Menu" }).click();
    await menu.waitFor();
    await page.screenshot({ path: `${k_shots}/menu-phone-light.png` });
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Menu" }).click();
    await menu.getByRole("link", { name: "Peristiwa" }).click();
    await page.getByRole("heading", { name: "Peristiwa" }).waitFor();
    assert.equal(await menu.isVisible(), false);
    // Nothing is wider than the screen.
    for (const path of ["", "devices", "events", "people", "test"]) {
        await page.goto(`/ui/${path}`);
        await settled(page);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
    }
    expectCalm(troubles);
    await context.close();
});

test("a server for reading only offers no changes, and says so", async () => {
    await world.stopServing();
    await world.serve("--readonly");
    const { context, page, troubles } = await open(browser, world, { expected: [401] });
    await logIn(page, "admin", "/ui/devices/gate");
    await settled(page);
    for (const name of ["Ubah", "Uji", "Hapus"]) assert.equal(await page.getByRole("button", { name, exact: true }).count(), 0, name);
    await page.locator("details.account summary").click();
    await page.getByText("Server ini hanya untuk melihat").waitFor();
    expectCalm(troubles);
    await context.close();
    await world.stopServing();
    await world.serve();
});
