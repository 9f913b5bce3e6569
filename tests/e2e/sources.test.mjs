// The sources of the pages by themselves: both languages say the same things, and nothing takes HTML.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../../lib/http/web/src");
const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|html|css|svg)$/.test(name)).sort();
const sources = new Map();
for (const name of names) sources.set(name, await readFile(join(folder, name), "utf8"));
const scripts = [...sources].filter(([name]) => name.endsWith(".js"));
const load = async (name) => (await import(pathToFileURL(join(folder, name)))).default;
const id = await load("texts/id.js");
const en = await load("texts/en.js");

test("there is something to look at", () => {
    assert.ok(scripts.length > 20, names.join(" "));
    assert.ok(Object.keys(id).length > 200);
});

test("both languages have the same texts with the same places", () => {
    assert.deepEqual(Object.keys(id).filter((key) => !(key in en)), [], "only in Indonesian");
    assert.deepEqual(Object.keys(en).filter((key) => !(key in id)), [], "only in English");
    const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    for (const key of Object.keys(en)) {
        assert.ok(id[key].trim() && en[key].trim(), `${key} is empty`);
        assert.deepEqual(places(id[key]), places(en[key]), key);
    }
});

test("a key stands in one file, the same in both languages", async () => {
    for (const language of ["id", "en"]) {
        const rooms = names.filter((name) => name.startsWith(`texts/${language}/`));
        const count = (await Promise.all(rooms.map(load))).reduce((sum, texts) => sum + Object.keys(texts).length, 0);
        assert.equal(count, Object.keys(language === "id" ? id : en).length, language);
    }
    for (const name of names.filter((one) => one.startsWith("texts/en/")))
        assert.deepEqual(Object.keys(await load(name.replace("/en/", "/id/"))), Object.keys(await load(name)), name);
});

test("every text that a page asks for is there, and none is left over", () => {
    const used = new Set();
    const groups = new Set();
    for (const [name, text] of scripts) {
        if (name.startsWith("texts/")) continue;
        for (const [, key] of text.matchAll(/\bt\(\s*"([^"]+)"/g)) {
            assert.ok(key in en, `${name}: ${key}`);
            used.add(key);
        }
        // t(is ? "a" : "b")
        for (const [, one, other] of text.matchAll(/\?\s*"([a-z_.]+\.[a-z_.]+)"\s*:\s*"([a-z_.]+\.[a-z_.]+)"/g)) {
            for (const key of [one, other]) {
                assert.ok(key in en, `${name}: ${key}`);
                used.add(key);
            }
        }
        // t(`page.${name}`), word("device", state), badge("device", state), choices("kind", ...)
        for (const [, group] of text.matchAll(/\bt\(`([a-z_.]+)\.\$\{/g)) groups.add(group);
        for (const [, group] of text.matchAll(/\b(?:word|badge|choices|statesText)\("([^"]+)"/g)) groups.add(group);
    }
    const isUsed = (key) => used.has(key) || (key.endsWith(".one") && used.has(key.slice(0, -4))) || [...groups].some((group) => key.startsWith(`${group}.`));
    assert.deepEqual(Object.keys(en).filter((key) => !isUsed(key)), []);
});

test("no script takes HTML or makes code of text", () => {
    const forbidden = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTMLUnsafe|\beval\(|new Function|setAttribute\("style"/;
    for (const [name, text] of scripts) {
        const line = text.split("\n").findIndex((one) => forbidden.test(one));
        assert.equal(line, -1, `${name}:${line + 1}`);
    }
});

test("the document has no script and no style of its own, and asks nobody else", () => {
    const html = sources.get("index.html");
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=/i);
    for (const [name, text] of sources) assert.doesNotMatch(text, /(src|href)="https?:|@import|url\(\s*["']?https?:/, name);
    for (const [, path] of html.matchAll(/@VERSION@\/([^"]+)"/g)) assert.ok(path.startsWith("vendor/") || sources.has(path), path);
});

test("the menu and the server know the same pages", async () => {
    const server = await readFile(join(here, "../../lib/http/pages.cpp"), "utf8");
    const known = [.../k_pages = [^;]*\(\{([^;]*)\}\);/s.exec(server)[1].matchAll(/"([a-z]*)"/g)].map(([, name]) => name);
    const wanted = [...sources.get("pages.js").matchAll(/page\("\w+", "([^"]*)"/g)].map(([, path]) => path.split("/")[0]);
    assert.ok(wanted.length > 5);
    assert.deepEqual([...new Set(wanted)].sort(), [...new Set(known)].sort());
});
