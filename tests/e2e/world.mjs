// The real server with its store in a folder of its own, and simulated terminals, for tests with a browser.

import { spawn, spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
const program = (name, path) => process.env[name] ?? join(repository, "build", path);
const k_bioctl = program("BIOCTL", "bioctl");
const k_api_sim = program("API_SIM", "tests/support/api_sim/api_sim");
const k_routeros_sim = program("ROUTEROS_SIM", "tests/support/routeros_sim/routeros_sim");
const k_hik_sim = program("HIK_SIM", "tests/support/hik_sim/hik_sim");
export const k_password = "correct horse battery";
export const k_device_password = "hik-Secret-1";
/// Photos of groups of people, of the npm package with the models.
export const demo = join(repository, "lib/face/npm/node_modules/@vladmandic/face-api/demo");
/// Where screenshots go.
export const k_shots = process.env.E2E_SHOTS ?? join(repository, "build/e2e");

/// Waits for a line of the stream that `pick` makes something of.
function lineOf(stream, child, pick) {
    return new Promise((resolve, reject) => {
        const said = [];
        const lines = createInterface({ input: stream });
        lines.on("line", (line) => {
            said.push(line);
            const found = pick(line);
            if (found) resolve(found);
        });
        child.on("exit", (code) => reject(new Error(`ended with ${code} before it was ready: ${said.join("\n")}`)));
    });
}

export async function until(what, check, milliseconds = 45_000) {
    const end = Date.now() + milliseconds;
    for (;;) {
        const found = await check();
        if (found) return found;
        if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

export class World {
    #children = new Set();
    #server = null;
    devices = [];
    program = k_bioctl;

    static async make() {
        const world = new World();
        world.folder = await mkdtemp(join(tmpdir(), "bioctl-e2e-"));
        world.environment = { ...process.env, HOME: world.folder, BIOCTL_DATA_DIR: join(world.folder, "data"), BIOCTL_CONFIG_SYSTEM: join(world.folder, "none.toml"), LC_ALL: "C.UTF-8" };
        await writeFile(join(world.folder, "password"), `${k_password}\n`, { mode: 0o600 });
        await writeFile(join(world.folder, "device-password"), `${k_device_password}\n`, { mode: 0o600 });
        for (const role of ["admin", "operator", "viewer"]) world.bioctl("accounts", "add", role, "--role", role, "--password-file", "password");
        return world;
    }

    /// Runs a verb to its end; what it prints. Throws when it fails.
    bioctl(...words) {
        const { status, stdout, stderr } = spawnSync(k_bioctl, ["-q", ...words], { cwd: this.folder, env: this.environment, encoding: "utf8", timeout: 300_000, maxBuffer: 64 << 20 });
        if (status !== 0) throw new Error(`bioctl ${words.join(" ")} ended with ${status}: ${stderr}`);
        return stdout;
    }

    sql(text) {
        const { status, stderr, stdout } = spawnSync("sqlite3", ["-cmd", ".timeout 10000", join(this.folder, "data/bioctl.db")], { input: text, encoding: "utf8" });
        if (status !== 0) throw new Error(`sqlite3: ${stderr}`);
        return stdout;
    }

    #start(command, words) {
        const child = spawn(command, words, { cwd: this.folder, env: this.environment, stdio: ["ignore", "pipe", "pipe"] });
        this.#children.add(child);
        child.on("exit", () => this.#children.delete(child));
        return child;
    }

    /// On the port it had before, if it ran before.
    async serve(...options) {
        const listen = this.url ? new URL(this.url).host : "127.0.0.1:0";
        const child = this.#start(k_bioctl, ["serve", "--listen", listen, ...options]);
        child.stdout.resume();
        this.#server = child;
        this.url = await lineOf(child.stderr, child, (line) => /listening on (http\S+)/.exec(line)?.[1]);
        child.stderr.resume();
    }

    async stopServing() {
        const child = this.#server;
        const over = new Promise((resolve) => child.on("exit", resolve));
        child.kill("SIGTERM");
        await over;
    }

    #ready(child) {
        child.stderr.resume();
        return lineOf(child.stdout, child, (line) => {
            const record = JSON.parse(line);
            return record.type === "ready" ? record : null;
        });
    }

    /// An API that events and notifications are sent to: {url, control}.
    simulateApi(...options) {
        return this.#ready(this.#start(k_api_sim, options));
    }

    /// A MikroTik router: {port, control}.
    simulateRouter(...options) {
        return this.#ready(this.#start(k_routeros_sim, options));
    }

    /// Simulated terminals; `devices` then has {name, url, user} of each.
    async simulate(...options) {
        const child = this.#start(k_hik_sim, options);
        child.stderr.resume();
        this.control = await lineOf(child.stdout, child, (line) => {
            const record = JSON.parse(line);
            if (record.type === "device") this.devices.push(record);
            return record.type === "ready" ? record.control : null;
        });
    }

    /// What a terminal pushes when somebody comes: as an event of now, with a picture if there is one. fields: name, employeeNoString.
    async push(device, serial, fields, picture = null) {
        const [url] = this.sql(`SELECT push_url FROM device WHERE name = '${device}';`).split("\n");
        const event = { ipAddress: "127.0.0.1", dateTime: new Date().toISOString().replace(/\.\d+Z/, "+00:00"), eventType: "AccessControllerEvent", AccessControllerEvent: { majorEventType: 5, subEventType: 75, serialNo: serial, currentEvent: true, ...fields } };
        const body = new FormData();
        body.append("event_log", JSON.stringify(event));
        if (picture) body.append("Picture", new Blob([await readFile(picture)], { type: "image/jpeg" }), "Picture.jpg");
        const response = await fetch(url, { method: "POST", body });
        if (response.status !== 200) throw new Error(`pushed in vain: ${response.status}`);
    }

    async switchDevice(path) {
        const response = await fetch(`${this.control}/${path}`, { method: "POST" });
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        return response.text();
    }

    /// The simulated terminals from this one on, under their own names.
    async addDevices(first = 0) {
        await writeFile(join(this.folder, "devices.ndjson"), this.devices.slice(first).map(({ name, url, user }) => JSON.stringify({ name, url, user })).join("\n"));
        this.bioctl("devices", "import", "--password-file", "device-password", "devices.ndjson");
    }

    /// Photos of one face each, cut from the demo pictures; the first of sample1 and the first of sample3 are the same person.
    async faces() {
        const folder = join(this.folder, "faces");
        await mkdir(folder);
        const photos = {};
        for (const number of [1, 3, 6]) {
            const data = join(folder, "data");
            spawnSync(k_bioctl, ["-q", "enroll", "--id", `s${number}`, "--faces", "all", "--on-duplicate", "allow", join(demo, `sample${number}.jpg`)], { env: { ...this.environment, BIOCTL_DATA_DIR: data } });
            const kept = join(data, "media/faces");
            for (const file of (await readdir(kept, { recursive: true })).filter((one) => one.endsWith(".jpg"))) {
                const index = basename(file, ".jpg").split("-")[1];
                photos[`${number}-${index}`] = join(folder, `face-${number}-${index}.jpg`);
                await copyFile(join(kept, file), photos[`${number}-${index}`]);
            }
            await rm(data, { recursive: true });
        }
        return photos;
    }

    async end() {
        for (const child of this.#children) {
            const over = new Promise((resolve) => child.on("exit", resolve));
            child.kill("SIGTERM");
            await over;
        }
        await rm(this.folder, { recursive: true, force: true });
    }
}
