// The camera page: a face is found, stands still, shows that it lives, is recognised and recorded; and waits while the server is away.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { axeFindings, launch, logIn, open, settled, shoot } from "./browser.mjs";
import { makeFilm } from "./film.mjs";
import { until, World } from "./world.mjs";

// The browser looks for faces without a graphics card, on a busy machine.
const k_patience = { timeout: 150_000 };

let world, faces;
const browsers = [];
before(async () => {
    world = await World.make();
    faces = await world.faces();
    world.bioctl("enroll", "--id", "1001", "--name", "Ani Lestari", faces["1-0"]);
    await world.serve();
});
after(async () => {
    for (const browser of browsers) await browser.close();
    await world?.end();
});

/// A page whose camera shows this film.
async function openWithFilm(name, frames) {
    const painter = await launch();
    const film = await makeFilm(painter, join(world.folder, `${name}.mjpeg`), frames, { size: 420 });
    await painter.close();
    const browser = await launch(["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`]);
    browsers.push(browser);
    const window = await open(browser, world, { expected: [401, 422] });
    await logIn(window.page, "operator", "/ui/live");
    await settled(window.page);
    return { browser, ...window };
}

const start = (page) => page.getByRole("button", { name: "Nyalakan kamera" }).click();
const events = () => Number(world.sql("SELECT count(*) FROM event;"));

test("a photo held up to the camera shows no sign of life, and is not taken; without that question the face is recognised", async () => {
    const { page, troubles } = await openWithFilm("still", [{ photo: faces["3-0"], count: 5 }]);
    let asked = 0;
    page.on("request", (request) => (asked += request.url().includes("/api/v2/attendance") ? 1 : 0));
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "live-before");
    await start(page);
    await page.locator(".camera-hint").getByText("Kedipkan mata").waitFor(k_patience);
    assert.ok((await page.locator(".camera-frame rect").count()) === 1, "the face is framed");
    await page.waitForTimeout(3_000);
    assert.equal(asked, 0);
    await page.getByLabel(/tanda hidup/).uncheck();
    await page.locator(".camera-result").getByText("Selamat datang, Ani Lestari").waitFor(k_patience);
    await page.locator(".event-lines").getByText("tercatat").waitFor();
    assert.equal(world.sql("SELECT d.name || ' ' || p.id || ' ' || e.picture_state FROM event e JOIN device d ON d.key = e.device JOIN person p ON p.key = e.person;").trim().split("\n")[0], "browser 1001 stored");
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "live");
    await page.getByRole("button", { name: "Berhenti" }).click();
    assert.equal(await page.evaluate(() => document.querySelector("video").srcObject), null, "the camera is off");
    await page.reload();
    assert.equal(await page.getByLabel(/tanda hidup/).isChecked(), false, "the choice is kept");
    assert.deepEqual(troubles, []);
});

test("while the server is away photos wait in the browser, also through a reload, and are sent with their own time", async () => {
    const { page } = await openWithFilm("away", [{ photo: faces["3-0"], count: 5 }]);
    await page.getByLabel(/tanda hidup/).uncheck();
    await page.locator("[name=source]").fill("gerbang barat");
    await page.locator("[name=source]").press("Tab");
    await start(page);
    await page.locator(".camera").waitFor(k_patience);
    await world.stopServing();
    const gone = Date.now();
    await page.locator(".camera-result").getByText("foto menunggu", { exact: false }).or(page.locator(".camera-result").getByText("Foto menunggu")).waitFor(k_patience);
    await page.locator(".notice.warn").getByText("menunggu server").waitFor();
    await shoot(page, "live-offline");
    await page.getByRole("button", { name: "Berhenti" }).click();
    const before = events();
    await world.serve();
    await page.locator(".notice.warn").waitFor({ state: "hidden", timeout: 90_000 });
    await until("the event", () => events() > before);
    const [at] = world.sql("SELECT e.time FROM event e JOIN device d ON d.key = e.device WHERE d.name = 'gerbang barat' ORDER BY e.id LIMIT 1;").trim().split("\n").map(Number);
    assert.ok(at >= gone - 120_000 && at < Date.now() - 500, `${at}`);
    await page.reload();
    await settled(page);
    assert.equal(await page.locator(".notice.warn").isVisible(), false);
});

test("a head that turns lives; somebody unknown is told so, and nothing is recorded", async () => {
    const { page, troubles } = await openWithFilm("turning", [{ photo: faces["1-0"], count: 450 }, { photo: faces["1-0"], count: 450, turn: -0.3 }]);
    await start(page);
    await page.locator(".camera-result").getByText("Selamat datang, Ani Lestari").waitFor(k_patience);
    assert.deepEqual(troubles, []);
    await page.context().close(); // it would go on, and record its face again
    const before = events();
    const other = await openWithFilm("stranger", [{ photo: faces["6-1"], count: 5 }]);
    await other.page.getByLabel(/tanda hidup/).uncheck();
    await start(other.page);
    await other.page.locator(".camera-result").getByText("Tak dikenal").or(other.page.locator(".camera-result").getByText("Tidak dikenal")).waitFor(k_patience);
    assert.equal(events() - before, 0, "the stranger is no event");
    assert.equal(world.sql("SELECT count(*) FROM event e LEFT JOIN person p ON p.key = e.person WHERE p.id IS NULL OR p.id <> '1001';").trim(), "0");
});

test("without a camera, or without leave, the page says what to do", async () => {
    const browser = await launch();
    browsers.push(browser);
    const { page, troubles } = await open(browser, world, { expected: [401] });
    await logIn(page, "viewer", "/ui/live");
    await start(page);
    await page.getByRole("alert").getByText(/Tidak ada kamera|tidak diizinkan/).waitFor(k_patience);
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "live-refused");
    assert.deepEqual(troubles, []);
});
