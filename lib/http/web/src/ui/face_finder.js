// Finds the face on a video, in the browser: nothing leaves it until a face stands still.

import { place } from "../place.js";

const k_static = `${place.base}/static/${place.version}`;
const k_input = 224; // pixels of the detector
const k_least_score = 0.5;

let library = null;

async function load() {
    const faces = await import("../vendor/face-api.js");
    await faces.tf.ready();
    await Promise.all([faces.nets.tinyFaceDetector.loadFromUri(`${k_static}/vendor/models`), faces.nets.faceLandmark68TinyNet.loadFromUri(`${k_static}/vendor/models`)]);
    return faces;
}

/// find(frame) -> {box: {x, y, width, height}, points (68)} in pixels of the frame (a canvas), null without a face.
export async function faceFinder() {
    library ??= load();
    library.catch(() => (library = null)); // the next one tries again
    const faces = await library;
    const options = new faces.TinyFaceDetectorOptions({ inputSize: k_input, scoreThreshold: k_least_score });
    return async (frame) => {
        const found = await faces.detectSingleFace(frame, options).withFaceLandmarks(true);
        if (!found) return null;
        const { x, y, width, height } = found.detection.box;
        return { box: { x, y, width, height }, points: found.landmarks.positions.map((point) => ({ x: point.x, y: point.y })) };
    };
}
