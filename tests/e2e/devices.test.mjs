// Terminals on the pages: added, tested, changed, pushing, away and back, removed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axeFindings, launch, logIn, open, settled, shoot } from "./browser.mjs";
import { k_device_password, World } from "./world.mjs";

let world, browser, window;
before(async () => {
    world = await World.make();
    await world.simulate("--devices", "3", "--events", "20");
    await world.serve();
    browser = await launch();
    window = await open(browser, world, { expected: [401, 409, 400, 502, 503] });
    await logIn(window.page, "operator");
});
after(async () => {
    await browser?.close();
    await world?.end();
});

const fillDevice = async (page, values) => {
    for (const [name, value] of Object.entries(values)) await page.locator(`dialog [name=${name}]`).fill(value);
    await page.locator("dialog button[type=submit]").click();
};

test("nothing is there yet, and the page says what to do", async () => {
    const { page } = window;
    await page.locator("nav.menu").getByRole("link", { name: "Terminal" }).click();
    await page.getByText("Belum ada terminal").waitFor();
    await shoot(page, "devices-empty");
    assert.deepEqual(await axeFindings(page), []);
});

test("a terminal is added: what is wrong is said and nothing is lost; then it has a page", async () => {
    const { page } = window;
    const [device] = world.devices;
    await page.locator(".page-head").getByRole("button", { name: "Tambah terminal" }).click();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "device-add");
    await fillDevice(page, { name: "gate", url: "ftp://nowhere", user: device.user, password: k_device_password, location: "Gerbang", tags: "sekolah, utama" });
    await page.locator("dialog .wrong").getByText("http").waitFor();
    assert.equal(await page.locator("dialog [name=location]").inputValue(), "Gerbang");
    await fillDevice(page, { url: device.url });
    await page.waitForURL(/\/ui\/devices\/gate$/);
    await page.locator(".toast").getByText("gate ditambahkan").waitFor();
    await settled(page);
    await page.getByText("sekolah, utama").waitFor();
    await page.goto("/ui/devices");
    await page.locator(".page-head").getByRole("button", { name: "Tambah terminal" }).click();
    await fillDevice(page, { name: "gate", url: device.url, password: "x" });
    await page.locator("dialog .wrong").getByText("already").waitFor();
    await page.keyboard.press("Escape");
});

test("a test asks the terminal, and says what it found", async () => {
    const { page } = window;
    await page.goto("/ui/devices/gate");
    await page.getByRole("button", { name: "Uji", exact: true }).click();
    await page.locator("dialog").getByText("siap disinkronkan").waitFor();
    assert.ok((await page.locator("dialog .findings li").count()) >= 3);
    await shoot(page, "device-check");
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    await world.switchDevice(`device?name=${world.devices[0].name}&off=1`);
    await page.getByRole("button", { name: "Uji", exact: true }).click();
    await page.locator("dialog").getByText("tidak dapat disinkronkan").waitFor();
    await page.keyboard.press("Escape");
    await world.switchDevice(`device?name=${world.devices[0].name}&off=0`);
});

test("what is changed is only what was changed; another address wants the password", async () => {
    const { page } = window;
    await page.goto("/ui/devices/gate");
    await page.getByRole("button", { name: "Ubah" }).click();
    await fillDevice(page, { url: "http://192.0.2.99" });
    await page.locator("dialog .wrong").getByText("password").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Ubah" }).click();
    await fillDevice(page, { location: "Gerbang Timur", name: "gerbang timur-2" });
    await page.waitForURL(/\/ui\/devices\/gerbang%20timur-2$/);
    await page.locator("dl.facts").getByText("Gerbang Timur").waitFor();
    const rows = world.sql("SELECT detail FROM audit WHERE action = 'devices.edit';");
    assert.match(rows, /"location":"Gerbang Timur"/);
    assert.doesNotMatch(rows, /url/);
    await page.getByRole("button", { name: "Ubah" }).click();
    await fillDevice(page, { name: "gate" });
    await page.waitForURL(/\/ui\/devices\/gate$/);
});

test("a terminal that pushes: its events show at once", async () => {
    const { page } = window;
    await page.goto("/ui/devices/gate");
    await page.getByRole("button", { name: "Kirim langsung" }).click();
    await page.locator("dialog").getByText("tidak mengirim ke mana pun").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "device-push");
    assert.equal(await page.locator("dialog [name=server]").inputValue(), world.url);
    await page.getByRole("button", { name: "Kirim ke server ini" }).click();
    await page.locator(".toast").getByText("Terminal sudah diatur").waitFor();
    await page.goto("/ui/events");
    await settled(page);
    assert.equal(await page.locator("tbody tr").count(), 0);
    await world.push("gate", 900001, { employeeNoString: "77", name: "Siti" });
    await page.locator("tbody tr").getByText("Siti").waitFor();
    await page.goto("/ui/devices/gate");
    await page.getByRole("button", { name: "Kirim langsung" }).click();
    await page.locator("dialog").getByText("mengirim ke server ini").waitFor();
    await page.getByRole("button", { name: "Hentikan" }).click();
    await page.locator("dialog").waitFor({ state: "detached" });
});

test("cards tell how each is doing, and change while one looks", async () => {
    const { page } = window;
    await world.addDevices(1);
    await page.goto("/ui/devices");
    world.bioctl("sync-hikvision");
    await page.locator(".card.ok").nth(2).waitFor(); // with the one that was added by hand
    await world.switchDevice(`device?name=${world.devices[1].name}&off=1`);
    for (let count = 0; count < 2; ++count) {
        try {
            world.bioctl("sync-hikvision", "--device", world.devices[1].name);
        } catch {
            // It cannot be reached: that is the point.
        }
    }
    await page.locator(".card.warning").getByText("Peringatan").waitFor();
    await shoot(page, "devices");
    assert.deepEqual(await axeFindings(page), []);
    await page.locator(".filters select").selectOption("warning");
    assert.equal(await page.locator(".card").count(), 1);
    assert.match(page.url(), /state=warning/);
    await page.reload();
    await page.locator(".card.warning").waitFor();
    assert.equal(await page.locator(".card").count(), 1);
    await page.locator(".filters select").selectOption("");
    await page.locator(".filters input").fill("no such thing");
    await page.getByText("Tidak ada terminal yang cocok").waitFor();
    await page.locator(".card").first().waitFor({ state: "detached" });
});

test("switched off, on again, and removed; its events stay", async () => {
    const { page } = window;
    await page.goto("/ui/devices/gate");
    await page.getByRole("button", { name: "Nonaktifkan" }).click();
    await page.locator(".page-head .badge").getByText("Nonaktif").waitFor();
    await page.getByRole("button", { name: "Aktifkan" }).click();
    await page.getByRole("button", { name: "Nonaktifkan" }).waitFor();
    await shoot(page, "device");
    assert.deepEqual(await axeFindings(page), []);
    const events = world.sql("SELECT count(*) FROM event;");
    await page.getByRole("button", { name: "Hapus" }).click();
    await shoot(page, "device-remove");
    await page.locator("dialog").getByRole("button", { name: "Batal" }).click();
    assert.equal(world.sql("SELECT count(*) FROM device WHERE name = 'gate';").trim(), "1");
    await page.getByRole("button", { name: "Hapus" }).click();
    await page.locator("dialog").getByRole("button", { name: "Hapus" }).click();
    await page.waitForURL(/\/ui\/devices$/);
    assert.equal(await page.getByRole("link", { name: "gate", exact: true }).count(), 0);
    assert.equal(world.sql("SELECT count(*) FROM event;"), events);
    await page.goto("/ui/devices/gate");
    await page.getByText("Tidak ada terminal dengan nama ini").waitFor();
});

test("nothing went wrong on the way", () => {
    // The last page asks for a terminal that is gone.
    assert.deepEqual(window.troubles.filter((one) => !one.startsWith("404 ")), []);
});
