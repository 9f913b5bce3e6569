// The arithmetic of the camera page and of the map, without a browser.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../lib/http/web/src");
const load = async (name) => import(`data:text/javascript,${encodeURIComponent(await readFile(join(folder, name), "utf8"))}`);
const { Liveness, poseOf, Steadiness } = await load("steady.js");
const { clustersOf } = await load("ui/clusters.js");

const box = (x = 100, width = 200) => ({ x, y: 100, width, height: width });

test("a face is steady when it has stood still for long enough, in enough frames", () => {
    const one = new Steadiness();
    assert.equal(one.take(box(), 640, 0), "moving");
    assert.equal(one.take(box(), 640, 500), "moving");
    assert.equal(one.take(box(102), 640, 1_000), "steady");
    assert.equal(one.take(box(160), 640, 1_100), "moving", "it moved");
    assert.equal(one.take(box(161), 640, 1_500), "moving");
    assert.equal(one.take(box(162), 640, 2_100), "steady");
    assert.equal(one.take(box(162, 260), 640, 2_200), "moving", "it came nearer");
    const slow = new Steadiness();
    assert.equal(slow.take(box(), 640, 0), "moving");
    assert.equal(slow.take(box(), 640, 5_000), "moving", "two looks are not enough, however far apart");
    assert.equal(slow.take(box(), 640, 10_000), "steady");
});

test("a face far away is not steady, and begins anew", () => {
    const one = new Steadiness();
    for (let at = 0; at < 3_000; at += 100) assert.equal(one.take(box(100, 40), 640, at), "far");
    assert.equal(one.take(box(), 640, 3_000), "moving");
});

test("a slow drift is no standing still", () => {
    const one = new Steadiness();
    for (let at = 0; at < 5_000; at += 100) assert.notEqual(one.take(box(100 + at / 20), 640, at), "steady", String(at));
});

/// 68 points of a face: eyes so open, the nose so far aside.
function points(eyes, aside = 0) {
    const all = Array.from({ length: 68 }, () => ({ x: 50, y: 50 }));
    all[0] = { x: 0, y: 50 };
    all[16] = { x: 100, y: 50 };
    all[30] = { x: 50 + aside, y: 60 };
    for (const [first, x] of [[36, 20], [42, 60]]) {
        all[first] = { x, y: 40 };
        all[first + 1] = { x: x + 6, y: 40 - eyes * 10 };
        all[first + 2] = { x: x + 14, y: 40 - eyes * 10 };
        all[first + 3] = { x: x + 20, y: 40 };
        all[first + 4] = { x: x + 14, y: 40 + eyes * 10 };
        all[first + 5] = { x: x + 6, y: 40 + eyes * 10 };
    }
    return all;
}

test("the pose of 68 points", () => {
    const { eyes, turn } = poseOf(points(0.3, 10));
    assert.ok(Math.abs(eyes - 0.3) < 1e-9, String(eyes));
    assert.ok(Math.abs(turn - 0.1) < 1e-9, String(turn));
    assert.ok(Number.isFinite(poseOf(Array.from({ length: 68 }, () => ({ x: 5, y: 5 }))).eyes), "all points at one place");
});

test("a still photo shows no life, though its points tremble", () => {
    const one = new Liveness();
    for (let at = 0; at < 20_000; at += 100) assert.equal(one.take(poseOf(points(0.3 + 0.03 * Math.sin(at), 2 * Math.cos(at))), at), "", String(at));
    assert.equal(one.isAlive(20_000), false);
});

test("a blink is a sign of life, and so is a turn; it does not last for ever", () => {
    const blinking = new Liveness();
    for (let at = 0; at < 1_000; at += 100) blinking.take(poseOf(points(0.3)), at);
    assert.equal(blinking.take(poseOf(points(0.12)), 1_000), "", "the eyes are closed");
    assert.equal(blinking.take(poseOf(points(0.3)), 1_100), "blink");
    assert.equal(blinking.isAlive(2_000), true);
    assert.equal(blinking.isAlive(60_000), false);
    const turning = new Liveness();
    for (let at = 0; at < 1_000; at += 100) turning.take(poseOf(points(0.3)), at);
    assert.equal(turning.take(poseOf(points(0.3, 15)), 1_000), "turn");
    turning.reset();
    assert.equal(turning.isAlive(1_001), false, "somebody else has come");
});

test("clusters: nobody is lost, near ones are one, far ones are not", () => {
    const items = Array.from({ length: 5_000 }, (_, at) => ({ x: (at * 37) % 1200, y: (at * 91) % 800, at }));
    const clusters = clustersOf(items);
    assert.equal(new Set(clusters.flatMap((one) => one.items.map(({ at }) => at))).size, 5_000);
    assert.ok(clusters.length <= 22 * 15, String(clusters.length));
    assert.equal(clustersOf([{ x: 1, y: 1 }, { x: 3, y: 5 }]).length, 1);
    assert.equal(clustersOf([{ x: 1, y: 1 }, { x: 200, y: 1 }]).length, 2);
    assert.deepEqual(clustersOf([]), []);
});
