// What administrators look at: accounts, keys, settings, health, the audit log; and notifications with their channels.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { axeFindings, launch, logIn, open, settled, shoot } from "./browser.mjs";
import { k_password, until, World } from "./world.mjs";

const k_hostile = "<img src=x onerror=\"globalThis.isBroken=1\">";

let world, browser, window, api;
before(async () => {
    world = await World.make();
    api = await world.simulateApi();
    await writeFile(join(world.folder, "token"), "hush-hush\n", { mode: 0o600 });
    world.bioctl("targets", "add", "pager", `${api.url}/hooks/T0PSECRET`, "--kind", "notification", "--token-file", "token");
    world.bioctl("targets", "add", "hrd", `${api.url}/hrd`);
    for (const [type, text] of [["info", "kabar pertama"], ["warning", "gangguan di Ngaglik"], ["success", k_hostile]]) world.bioctl("notifications", "add", text, "--type", type);
    await world.serve();
    browser = await launch();
    window = await open(browser, world, { expected: [400, 401, 404, 409, 422] });
    await logIn(window.page, "admin");
});
after(async () => {
    await browser?.close();
    await world?.end();
});

const toastOf = (page, text) => page.locator(".toast").getByText(text).waitFor();
const row = (page, text) => page.locator("main tbody tr", { hasText: text });

test("notifications: read, cleared, restored; new ones come by themselves", async () => {
    const { page } = window;
    await page.goto("/ui/notifications");
    await settled(page);
    assert.equal(await page.locator("main tbody tr").count(), 3);
    assert.equal(await page.evaluate(() => globalThis.isBroken), undefined);
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "notifications");
    await row(page, "Ngaglik").getByRole("button", { name: "Tandai dibaca" }).click();
    await page.locator("main tbody tr.unread").nth(2).waitFor({ state: "detached" });
    world.bioctl("notifications", "add", "datang sendiri");
    await row(page, "datang sendiri").waitFor();
    await page.locator("select[name=unread]").selectOption("true");
    await row(page, "Ngaglik").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Tandai semua dibaca" }).click();
    await toastOf(page, "3 notifikasi ditandai dibaca");
    await page.getByText("Tidak ada notifikasi yang cocok").waitFor();
    await page.locator("select[name=unread]").selectOption("");
    await page.getByRole("button", { name: "Bersihkan" }).click();
    await page.locator("dialog").getByRole("button", { name: "Batal" }).click();
    assert.equal(await page.locator("main tbody tr").count(), 4);
    await page.getByRole("button", { name: "Bersihkan" }).click();
    assert.deepEqual(await axeFindings(page), []);
    await page.locator("dialog").getByRole("button", { name: "Bersihkan" }).click();
    await toastOf(page, "4 notifikasi dibersihkan");
    await page.getByText("Tidak ada notifikasi.").waitFor();
    await page.getByRole("button", { name: "Kembalikan" }).click();
    await toastOf(page, "4 notifikasi dikembalikan");
    await row(page, "datang sendiri").waitFor();
    await page.getByRole("button", { name: "Kembalikan" }).click();
    await toastOf(page, "Tidak ada yang bisa dikembalikan");
});

test("channels: quiet hours are set, a test is sent, no secret shows", async () => {
    const { page } = window;
    await page.getByRole("link", { name: "Saluran" }).click();
    await row(page, "pager").waitFor();
    assert.equal(await row(page, "hrd").count(), 0, "takes no notifications");
    assert.doesNotMatch(await page.locator("body").innerText(), /T0PSECRET|hush-hush/);
    await row(page, "pager").getByRole("button", { name: "Ubah" }).click();
    await page.locator("dialog [name=from]").fill("22:00");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog .wrong").getByText("kedua waktu").waitFor();
    await page.locator("dialog [name=until]").fill("05:30");
    await page.locator("dialog [name=after_s]").fill("90");
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "channel-edit");
    await page.locator("dialog button[type=submit]").click();
    await row(page, "pager").getByText("22:00-05:30").waitFor();
    await row(page, "pager").getByRole("button", { name: "Uji" }).click();
    await toastOf(page, "pager: uji terkirim");
    await shoot(page, "channels");
    assert.equal((await (await fetch(`${api.control}/stats`)).json()).accepted, 1);
    await fetch(`${api.control}/mode?fail-rate=1&fail-with=500`, { method: "POST" });
    await row(page, "pager").getByRole("button", { name: "Uji" }).click();
    await page.locator(".toast.error").getByText("pager: tidak terkirim").waitFor({ timeout: 40_000 });
    assert.doesNotMatch(await page.locator(".toasts").innerText(), /T0PSECRET/);
    await page.locator(".toast.error button").click();
    await row(page, "pager").getByRole("button", { name: "Ubah" }).click();
    await page.locator("dialog [name=enabled]").uncheck();
    await page.locator("dialog button[type=submit]").click();
    await row(page, "pager").locator("[data-state=disabled]").waitFor();
});

test("accounts: added, disabled, given a password, removed; the last administrator stays", async () => {
    const { page } = window;
    await page.goto("/ui/settings");
    await settled(page);
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "settings-accounts");
    await page.getByRole("button", { name: "Tambah akun" }).click();
    await page.locator("dialog [name=name]").fill("siti");
    await page.locator("dialog [name=role]").selectOption("operator");
    await page.locator("dialog [name=password]").fill(k_password);
    await page.locator("dialog [name=again]").fill(`${k_password}!`);
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog .wrong").getByText("tidak sama").waitFor();
    await page.locator("dialog [name=again]").fill(k_password);
    assert.deepEqual(await axeFindings(page), []);
    await page.locator("dialog button[type=submit]").click();
    await row(page, "siti").getByText("Operator").waitFor();
    const other = await open(browser, world, { expected: [401] });
    await logIn(other.page, "siti");
    await row(page, "siti").getByRole("button", { name: "Nonaktifkan" }).click();
    await row(page, "siti").locator("[data-state=disabled]").waitFor();
    await other.page.goto("/ui/devices");
    await other.page.locator("input[name=password]").waitFor();
    await row(page, "siti").getByRole("button", { name: "Aktifkan" }).click();
    await row(page, "siti").getByRole("button", { name: /^Ganti kata sandi/ }).click();
    await page.locator("dialog [name=password]").fill("an odd horse battery");
    await page.locator("dialog [name=again]").fill("an odd horse battery");
    await page.locator("dialog button[type=submit]").click();
    await toastOf(page, "Akun siti disimpan");
    await row(page, "admin").getByRole("button", { name: "Nonaktifkan" }).click();
    await toastOf(page, "tidak ada lagi administrator");
    await row(page, "siti").getByRole("button", { name: "Hapus" }).click();
    await page.locator("dialog").getByRole("button", { name: "Hapus" }).click();
    await row(page, "siti").waitFor({ state: "detached" });
    await other.context.close();
});

test("a key is made, shown once, works, and is revoked", async () => {
    const { page } = window;
    await page.getByRole("link", { name: "Kunci API" }).click();
    await page.getByText("Belum ada kunci").waitFor();
    await page.getByRole("button", { name: "Buat kunci" }).click();
    await page.locator("dialog [name=name]").fill("kasir");
    await page.locator("dialog [name='scope.recognize']").check();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "key-add");
    await page.locator("dialog button[type=submit]").click();
    const secret = await page.locator("dialog input.secret").inputValue();
    assert.ok(secret.length > 20);
    assert.deepEqual(await axeFindings(page), []);
    await page.locator("dialog").getByRole("button", { name: "Tutup" }).last().click();
    const asked = () => fetch(`${world.url}/api/v2/people`, { headers: { Authorization: `Bearer ${secret}` } });
    assert.equal((await asked()).status, 200);
    await row(page, "kasir").getByText("read, recognize").waitFor();
    assert.ok(!(await page.content()).includes(secret));
    await shoot(page, "settings-keys");
    await row(page, "kasir").getByRole("button", { name: /^Cabut/ }).click();
    await page.locator("dialog").getByRole("button", { name: "Cabut" }).click();
    await page.getByText("Belum ada kunci").waitFor();
    // The server remembers a key for a moment.
    await until("the key to be refused", async () => (await asked()).status === 401);
    await page.getByLabel("Beserta yang dicabut").check();
    await row(page, "kasir").locator("[data-state=revoked]").waitFor();
});

/// People with two templates each, whose vectors scatter like those of faces, as `people import` reads them.
function crowd(people) {
    let state = 1;
    const random = () => ((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647);
    const normal = (spread) => spread * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return Array.from({ length: people }, (_, at) => {
        const face = Array.from({ length: 128 }, () => normal(0.125));
        const templates = [0, 1].map(() => ({ vector: face.map((one) => one + normal(0.075)) }));
        return JSON.stringify({ person_id: `p${at}`, space: "dlib-resnet-v1", templates });
    }).join("\n");
}

test("settings: a calibration from the people here, with its curve", async () => {
    const { page } = window;
    await page.goto("/ui/settings?view=values");
    await page.getByText("Belum ada; ambang yang terukur").waitFor();
    await writeFile(join(world.folder, "crowd.ndjson"), crowd(60));
    world.bioctl("people", "import", "crowd.ndjson");
    world.bioctl("calibrate", "--target-fpir", "0.1", "--target-fmr", "0.01", "--replicates", "100", "--apply");
    await page.reload();
    const panel = page.locator("article", { hasText: "Wajah" });
    await panel.locator("[data-state=used]").waitFor();
    await panel.getByText("60 orang, 120 templat").waitFor();
    await panel.getByText("diminta 10%").waitFor();
    await panel.locator("canvas").waitFor();
    await panel.getByText("Sebagai tabel").click();
    const shares = await panel.locator("details tbody td:nth-child(2)").allInnerTexts();
    assert.ok(shares.length > 20, `${shares.length} rows`);
    assert.equal(shares.at(-1), "100%", "at the largest distance every stranger is named");
    await panel.getByText("Sebagai tabel").click();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "settings-calibration");
});

test("settings: thresholds, where values come from, models, retention, health", async () => {
    const { page } = window;
    await page.getByRole("link", { name: "Ambang" }).click();
    await row(page, "timezone").getByText("bawaan").waitFor();
    await row(page, "Siapa ini (1:N)").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "settings-thresholds");
    await page.getByRole("link", { name: "Server" }).click();
    await row(page, "Ping, tiap putaran").getByText("7 hari").waitFor();
    await row(page, "Pengenal").waitFor();
    await page.getByRole("button", { name: "Periksa sekarang" }).click();
    await row(page, "integrity").locator("[data-state=ok]").waitFor({ timeout: 60_000 });
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "settings-server");
});

test("the audit log: all of the above, found by who and what", async () => {
    const { page } = window;
    await page.goto("/ui/audit");
    await settled(page);
    await row(page, "keys.revoke").first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "audit");
    await page.locator("input[name=action]").fill("targets");
    await row(page, "keys.revoke").first().waitFor({ state: "detached" });
    const actions = await page.locator("main tbody td:nth-child(3)").allInnerTexts();
    assert.ok(actions.length >= 2 && actions.every((one) => one.startsWith("targets.")), String(actions));
    assert.equal(new URL(page.url()).searchParams.get("action"), "targets");
    await page.locator("input[name=who]").fill("account:nobody");
    await page.getByText("Tidak ada yang cocok").waitFor();
    assert.ok(!world.sql("SELECT detail FROM audit;").includes("odd horse"));
});

test("who may not, sees none of it", async () => {
    const { context, page } = await open(browser, world, { expected: [401, 403] });
    await logIn(page, "viewer");
    const names = await page.locator("nav.menu a").allInnerTexts();
    assert.ok(!names.includes("Pengaturan") && !names.includes("Log audit"), String(names));
    await page.goto("/ui/settings");
    await page.getByText("tidak boleh", { exact: false }).waitFor();
    await page.goto("/ui/notifications");
    await settled(page);
    assert.equal(await page.getByRole("button", { name: "Bersihkan" }).count(), 0);
    assert.equal(await page.getByRole("link", { name: "Saluran" }).count(), 0);
    await context.close();
    assert.deepEqual(window.troubles, []);
});
