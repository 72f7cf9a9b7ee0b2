// Readings of one antenna that are this many milliseconds apart say whether one comes nearer.
const RECENT = 4_000;
const LEAST_STEP = 4;

/**
 * Whether the signal rises, falls or stays: its last level against the mean of those just before.
 *
 * @param {{at: number, level: number}[]} readings the oldest first
 * @returns {number} 1, -1 or 0
 */
export function getTrend(readings) {
    const last = readings.at(-1);
    const before = readings.slice(0, -1).filter(({ at }) => last.at - at <= RECENT);
    if (!before.length) {
        return 0;
    }
    const mean = before.reduce((sum, { level }) => sum + level, 0) / before.length;
    const step = last.level - mean;
    return Math.abs(step) < LEAST_STEP ? 0 : Math.sign(step);
}

/** The zones where the piece was seen, the last one first, each once. */
export function noteZone(zones, { zone, time }, most) {
    return [{ zone, time }, ...zones.filter((other) => other.zone !== zone)].slice(0, most);
}
