// A network of one's own, in which every address of 127.0.0.0/8 answers until it is silenced: for pings of simulated ONTs.

import { spawn, spawnSync } from "node:child_process";

import { until } from "./world.mjs";

const isRoot = process.getuid() === 0;

export class Network {
    #holder;

    /// None where that is not permitted.
    static async make() {
        const network = new Network();
        network.#holder = spawn("unshare", [...(isRoot ? [] : ["--map-root-user"]), "--net", "sleep", "900"], { stdio: "ignore" });
        try {
            await until("the network", () => network.run("ip", "link", "set", "lo", "up").status === 0 && network.run("ip", "route", "get", "127.9.9.9").status === 0, 5_000);
            return network;
        } catch {
            network.end();
            return null;
        }
    }

    run(command, ...words) {
        const how = isRoot ? ["--net"] : ["--user", "--preserve-credentials", "--net"];
        return spawnSync("nsenter", ["-t", String(this.#holder.pid), ...how, "--", command, ...words], { encoding: "utf8", ...this.options });
    }

    /// In the folder and environment of the world: a round of the monitor. What it says about itself is for a failing test.
    watch(world, ...words) {
        this.options = { cwd: world.folder, env: world.environment };
        const { status, stderr } = this.run(world.program, "-q", "ping-onts", "--once", "-r", "0", "-t", "100", "--rate", "0", "--parent-rate", "0", "--down", "2/2", "--up", "1/1", ...words);
        if (![0, 1].includes(status)) throw new Error(`ping-onts ended with ${status}: ${stderr}`);
    }

    silence(...addresses) {
        for (const address of addresses) this.run("ip", "route", "add", "unreachable", `${address}/32`, "table", "local");
    }

    letSpeak(...addresses) {
        for (const address of addresses) this.run("ip", "route", "del", "unreachable", `${address}/32`, "table", "local");
    }

    end() {
        this.#holder.kill("SIGKILL");
    }
}
