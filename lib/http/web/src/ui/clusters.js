// Markers that would lie on top of each other are one, with a number. A grid in pixels: five thousand take a few milliseconds.

const k_cell = 56; // pixels

/// items: {x, y (pixels at this zoom), ...}. Returns [{x, y (mean), items}].
export function clustersOf(items, cell = k_cell) {
    const cells = new Map();
    for (const item of items) {
        const key = `${Math.floor(item.x / cell)}:${Math.floor(item.y / cell)}`;
        const found = cells.get(key);
        if (found) found.push(item);
        else cells.set(key, [item]);
    }
    return [...cells.values()].map((members) => ({
        x: members.reduce((sum, one) => sum + one.x, 0) / members.length,
        y: members.reduce((sum, one) => sum + one.y, 0) / members.length,
        items: members,
    }));
}
