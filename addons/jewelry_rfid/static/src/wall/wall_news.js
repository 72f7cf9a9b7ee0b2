// So many names a tile shows of what came and left just now, and for how long.
const MOST_NEWS = 5;
const FRESH = 60_000;

/**
 * What came to a zone and left it just now, the newest first.
 *
 * @param {Object[]} news what the tile has shown so far
 * @param {Object} change what a message says of the zone
 * @param {number} now milliseconds
 */
export function addNews(news, change, now) {
    const named = (pieces, kind) => pieces.map((piece) => ({ ...piece, kind, at: now }));
    const added = [...named(change.came, "came"), ...named(change.left, "left")];
    const changed = new Set(added.map((piece) => piece.id));
    return [...added, ...news.filter((piece) => !changed.has(piece.id))].slice(0, MOST_NEWS);
}

/** What of the news is not old yet. */
export function keepFresh(news, now) {
    return news.filter((piece) => now - piece.at < FRESH);
}

/** The pictures of a tile after a change: what came stands in front, what left is gone. */
export function changePictures(pieces, change, most) {
    const gone = new Set([...change.came, ...change.left].map((piece) => piece.id));
    return [...change.came, ...pieces.filter((piece) => !gone.has(piece.id))].slice(0, most);
}
