// A film for chromium's fake camera, made of photos: MJPEG, which is one JPEG after the other.

import { readFile, writeFile } from "node:fs/promises";

/// frames: [{photo (path of a JPEG; none: nobody), count, turn}]; each is drawn in the middle of a picture of 640 by 480, with one half
/// narrower than the other by `turn` (0 to 1), as of a head that turns. The browser draws.
export async function makeFilm(browser, path, frames, { size = 300 } = {}) {
    const page = await browser.newPage();
    const parts = [];
    for (const { photo = null, count = 10, turn = 0 } of frames) {
        const url = photo === null ? null : `data:image/jpeg;base64,${(await readFile(photo)).toString("base64")}`;
        const picture = await page.evaluate(async ({ url, turn, size }) => {
            const canvas = new OffscreenCanvas(640, 480);
            const pen = canvas.getContext("2d");
            pen.fillStyle = "#888";
            pen.fillRect(0, 0, 640, 480);
            if (url) {
                const image = await createImageBitmap(await (await fetch(url)).blob());
                const scale = size / image.height;
                const half = (image.width * scale) / 2;
                const left = half * (1 - turn);
                pen.drawImage(image, 0, 0, image.width / 2, image.height, 320 - half, 240 - size / 2, left, size);
                pen.drawImage(image, image.width / 2, 0, image.width / 2, image.height, 320 - half + left, 240 - size / 2, 2 * half - left, size);
            }
            const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })).arrayBuffer());
            return Array.from(bytes);
        }, { url, turn, size });
        for (let number = 0; number < count; ++number) parts.push(Buffer.from(picture));
    }
    await page.close();
    await writeFile(path, Buffer.concat(parts));
    return path;
}
