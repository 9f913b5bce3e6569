// People on the pages: enrolled from a photo, found, changed, merged, removed; and why a photo is answered as it is.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { axeFindings, launch, logIn, open, settled, shoot } from "./browser.mjs";
import { demo, World } from "./world.mjs";

const k_hostile = "<img src=x onerror=\"globalThis.isBroken=1\">";
const k_patience = { timeout: 180_000 }; // with the recogniser, on a busy machine

let world, browser, window, faces;
before(async () => {
    world = await World.make();
    faces = await world.faces();
    await world.serve();
    browser = await launch();
    window = await open(browser, world, { expected: [400, 401, 404, 409, 422] });
    await logIn(window.page, "operator", "/ui/people");
});
after(async () => {
    await browser?.close();
    await world?.end();
});

const enrol = async (page, { id, name, photo }) => {
    if (id) await page.locator("dialog [name=id]").fill(id);
    if (name) await page.locator("dialog [name=name]").fill(name);
    await page.locator("dialog input[type=file]").setInputFiles(photo);
    await page.getByRole("button", { name: "Daftarkan", exact: true }).click();
};
const startEnrolling = (page) => page.locator(".page-head").getByRole("button", { name: "Daftarkan orang" }).click();

test("a person is enrolled from a photo; a photo that is no good is told why", async () => {
    const { page } = window;
    await page.getByText("Belum ada yang terdaftar").waitFor();
    await shoot(page, "people-empty");
    await startEnrolling(page);
    await page.locator("dialog [name=id]").fill("1001");
    await page.getByRole("button", { name: "Daftarkan", exact: true }).click();
    await page.locator("dialog .wrong").getByText("Pilih foto").waitFor();
    await enrol(page, { name: "Ani Lestari", photo: join(demo, "sample1.jpg") });
    await page.locator("dialog .wrong").getByText("lebih dari satu wajah").waitFor(k_patience);
    await enrol(page, { photo: { name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") } });
    await page.locator("dialog .wrong").getByText("tidak dapat dibaca").waitFor(k_patience);
    assert.deepEqual(await axeFindings(page), []);
    await enrol(page, { photo: faces["1-0"] });
    await page.waitForURL(/\/ui\/people\/1001$/, k_patience);
    await page.getByRole("heading", { name: "Ani Lestari", level: 1 }).waitFor();
    await page.locator(".template img").waitFor();
    await page.waitForFunction(() => document.querySelector(".template img").naturalWidth > 20);
});

test("the same face under another id is a duplicate: nothing is stored, and who it is can be opened", async () => {
    const { page } = window;
    await page.goto("/ui/people");
    await startEnrolling(page);
    await enrol(page, { id: "2002", name: "Orang lain", photo: faces["3-0"] });
    await page.locator("dialog").getByText("sudah terdaftar sebagai 1001").waitFor(k_patience);
    await shoot(page, "enrol-duplicate");
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(world.sql("SELECT group_concat(id) FROM person;").trim(), "1001");
    await page.getByRole("link", { name: "Buka 1001" }).click();
    await page.getByRole("heading", { name: "Ani Lestari", level: 1 }).waitFor();
    assert.equal(await page.locator("dialog").count(), 0);
});

test("a second photo of somebody, and the same once more", async () => {
    const { page } = window;
    await page.goto("/ui/people/1001");
    await page.getByRole("button", { name: "Tambah foto" }).click();
    await enrol(page, { photo: faces["3-0"] });
    await page.locator(".template").nth(1).waitFor(k_patience);
    await page.getByRole("button", { name: "Tambah foto" }).click();
    await enrol(page, { photo: faces["3-0"] });
    await page.locator(".toast").getByText("terdaftar untuk").waitFor(k_patience);
    assert.equal(await page.locator(".template").count(), 2);
    await shoot(page, "person");
    assert.deepEqual(await axeFindings(page), []);
    await page.locator(".template").nth(1).getByRole("button", { name: "Hapus" }).click();
    await page.locator("dialog").getByRole("button", { name: "Hapus" }).click();
    await page.locator(".template").nth(1).waitFor({ state: "detached" });
});

test("people are found by name and id, a page at a time", async () => {
    const { page } = window;
    world.sql(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)
        INSERT INTO person (id, name, created_at, updated_at) SELECT printf('p%03d', i), printf('Orang %d', i), 1000, 1000 FROM n;`);
    await page.goto("/ui/people");
    await page.locator("tbody tr").nth(59).waitFor();
    await shoot(page, "people");
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Lebih banyak" }).click();
    await page.locator("tbody tr").nth(119).waitFor();
    await page.locator(".filters input").fill("orang 14");
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 11);
    assert.match(page.url(), /search=orang\+14/);
    await page.locator(".filters input").fill("nobody");
    await page.getByText("Tidak ada yang cocok").waitFor();
});

test("another name, another id; a name is text whatever it holds", async () => {
    const { page } = window;
    await page.goto("/ui/people/p001");
    await page.getByRole("button", { name: "Ubah" }).click();
    await page.locator("dialog [name=id]").fill("p002");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog .wrong").getByText("somebody else").waitFor();
    await page.locator("dialog [name=id]").fill("q/1 ?#");
    await page.locator("dialog [name=name]").fill(k_hostile);
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog .wrong").getByText("q/1 ?#").waitFor();
    await page.locator("dialog [name=id]").fill("q.1");
    await page.locator("dialog button[type=submit]").click();
    await page.getByRole("heading", { name: k_hostile, level: 1 }).waitFor();
    await page.goto("/ui/people?search=onerror");
    await page.getByRole("link", { name: k_hostile }).waitFor();
    assert.equal(await page.evaluate(() => globalThis.isBroken), undefined);
    await page.goto("/ui/people/nobody");
    await page.getByText("Tidak ada orang dengan ID ini").waitFor();
});

test("two who are one are merged", async () => {
    const { page } = window;
    world.bioctl("enroll", "--id", "3003", "--name", "Ani kedua", "--on-duplicate", "allow", faces["3-0"]);
    await page.goto("/ui/people/3003");
    await page.getByRole("button", { name: "Gabungkan" }).click();
    await page.locator("dialog [name=into]").fill("9999");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog .wrong").getByText("Tidak ada orang dengan ID 9999").waitFor();
    await page.locator("dialog [name=into]").fill("1001");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog").getByText("Ini tidak dapat dibatalkan").waitFor();
    await page.locator("dialog").last().getByRole("button", { name: "Gabungkan" }).click();
    await page.waitForURL(/\/ui\/people\/1001$/);
    await page.locator(".template").nth(1).waitFor();
    assert.equal(world.sql("SELECT count(*) FROM person WHERE id = '3003';").trim(), "0");
});

test("a photo is tested: who, how near, who is next, and where", async () => {
    const { page } = window;
    world.bioctl("enroll", "--id", "6001", "--name", "Bunga Hartono", faces["6-0"]);
    await page.goto("/ui/test");
    await shoot(page, "test-empty");
    let answer;
    await page.route(/\/recognize/, async (route) => {
        const response = await route.fetch();
        answer = await response.json();
        await route.fulfill({ response });
    });
    await page.locator("input[type=file]").setInputFiles(join(demo, "sample3.jpg"));
    const ani = page.locator(".face-result").filter({ hasText: "Ani Lestari berjarak" });
    await ani.waitFor(k_patience);
    assert.match(await ani.innerText(), /di bawah ambang 0[.,]\d+; berikutnya Bunga Hartono/);
    const boxes = await page.locator(".face-frame rect").count();
    assert.ok(boxes >= 2);
    assert.equal(await page.locator(".face-result").count(), boxes);
    await page.getByText("Tidak dikenal").first().waitFor();
    await page.locator(".face-result").getByText("di atas ambang").first().waitFor();
    // The frame is where the face is: the largest on sample3.jpg.
    const image = await page.locator(".framed img").boundingBox();
    const frame = await page.locator(".face-frame rect").first().boundingBox();
    const scale = image.width / answer.width;
    assert.ok(Math.abs(frame.x - image.x - answer.faces[0].box.left * scale) < 4, "left");
    assert.ok(Math.abs(frame.y - image.y - answer.faces[0].box.top * scale) < 4, "top");
    await shoot(page, "test");
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(world.sql("SELECT count(*) FROM event;").trim(), "0", "a test is no event");
});

test("a viewer sees the list, but no portraits, and changes nothing", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401] });
    await logIn(page, "viewer", "/ui/people");
    await settled(page);
    assert.equal(await page.locator(".portrait img").count(), 0);
    assert.equal(await page.getByRole("button", { name: "Daftarkan orang" }).count(), 0);
    await page.goto("/ui/people/1001");
    await page.getByText("2 foto").waitFor();
    for (const name of ["Ubah", "Gabungkan", "Hapus", "Tambah foto"]) assert.equal(await page.getByRole("button", { name }).count(), 0, name);
    assert.deepEqual(troubles, []);
    await context.close();
});

test("a person is removed for good, with a receipt", async () => {
    const { page } = window;
    await page.goto("/ui/people/1001");
    await page.getByRole("button", { name: "Hapus", exact: true }).first().click();
    await page.locator("dialog").getByText("2 foto dan semua ciri wajahnya").waitFor();
    await page.locator("dialog").getByRole("button", { name: "Hapus" }).click();
    await page.locator("dialog").getByText("Tanda terima penghapusan").waitFor();
    await shoot(page, "receipt");
    assert.deepEqual(await axeFindings(page), []);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Simpan tanda terima" }).click();
    const receipt = await readFile(await (await download).path(), "utf8");
    assert.match(receipt, /ID: 1001\n/);
    assert.match(receipt, /Oleh: operator\n/);
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("link", { name: "Ani Lestari" }).count(), 0);
    assert.equal(world.sql("SELECT count(*) FROM person WHERE id = '1001'; SELECT count(*) FROM audit WHERE action = 'people.remove';").trim(), "0\n1");
});

test("nothing went wrong on the way", () => {
    assert.deepEqual(window.troubles, []);
});
