// When a face on a camera stands still, and whether it is a living one. Pure arithmetic: boxes and points in pixels of the video.

const k_history = 900; // ms that a face has to stand still
const k_least_frames = 3;
const k_most_shift = 0.06, k_most_growth = 0.12; // of the width of the face
const k_least_width = 0.12; // of the frame

/// Told of each frame, says whether the face has stood still long enough.
export class Steadiness {
    #seen = [];

    reset() {
        this.#seen = [];
    }

    /// box: {x, y, width, height}; frameWidth in the same unit; at in ms. Returns "far", "moving" or "steady".
    take(box, frameWidth, at) {
        if (box.width < k_least_width * frameWidth) {
            this.reset();
            return "far";
        }
        this.#seen.push({ x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width, at });
        const isStill = (one) => Math.hypot(one.x - this.#seen.at(-1).x, one.y - this.#seen.at(-1).y) <= k_most_shift * box.width
            && Math.abs(one.width - box.width) <= k_most_growth * box.width;
        // From the newest back to the first that was elsewhere.
        let from = this.#seen.length - 1;
        while (from > 0 && isStill(this.#seen[from - 1])) --from;
        this.#seen = this.#seen.slice(Math.max(from, this.#seen.length - 100));
        const isLong = this.#seen.length >= k_least_frames && at - this.#seen[0].at >= k_history;
        return isLong ? "steady" : "moving";
    }
}

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/// Height of an eye by its width, of its six points.
function opening(eye) {
    return (distance(eye[1], eye[5]) + distance(eye[2], eye[4])) / (2 * Math.max(1e-6, distance(eye[0], eye[3])));
}

/// How open the eyes are, and how far the head is turned (about -0.3 to 0.3), of the 68 points.
export function poseOf(points) {
    const jaw = { left: points[0], right: points[16] };
    const width = Math.max(1e-6, jaw.right.x - jaw.left.x);
    return {
        eyes: (opening(points.slice(36, 42)) + opening(points.slice(42, 48))) / 2,
        turn: (points[30].x - jaw.left.x) / width - 0.5,
    };
}

const k_closed = 0.72, k_open = 0.88; // of how open they usually are
const k_turned = 0.09;
const k_lasting = 15_000; // ms that a sign of life counts
const k_least_poses = 4;

/// Whether the face has blinked or turned: a photo held up to the camera does neither. A hint against the easiest trick only; a
/// film would pass.
export class Liveness {
    #eyes = [];
    #turns = [];
    #hasClosed = false;
    #at = null;

    reset() {
        this.#eyes = [];
        this.#turns = [];
        this.#hasClosed = false;
        this.#at = null;
    }

    isAlive(at) {
        return this.#at !== null && at - this.#at < k_lasting;
    }

    /// Returns "blink", "turn", or "" for neither.
    take({ eyes, turn }, at) {
        const usual = this.#eyes.length >= k_least_poses ? [...this.#eyes].sort((a, b) => a - b)[Math.floor(this.#eyes.length * 0.7)] : null;
        let sign = "";
        if (usual !== null) {
            if (eyes < k_closed * usual) this.#hasClosed = true;
            else if (this.#hasClosed && eyes > k_open * usual) {
                this.#hasClosed = false;
                sign = "blink";
            }
        }
        if (this.#turns.length >= k_least_poses) {
            const middle = [...this.#turns].sort((a, b) => a - b)[Math.floor(this.#turns.length / 2)];
            if (Math.abs(turn - middle) > k_turned) sign ||= "turn";
        }
        this.#eyes = [...this.#eyes.slice(-29), eyes];
        this.#turns = [...this.#turns.slice(-29), turn];
        if (sign) this.#at = at;
        return sign;
    }
}
