/** Values to begin with, by the name on their button. */

export const EXAMPLES: Readonly<Record<string, string>> = {
  session: `{
  // what a shop might keep about a visitor
  "user": 42,
  "name": "Zoë",
  "lastVisit": {"$date": "2026-01-01T09:30:00.000Z"},
  "cart": {"$map": [["apple", 3], ["pear", 1]]},
  "seen": {"$set": ["welcome", "cookies"]}
}`,
  types: `{
  "number": 1.5,
  "notANumber": {"$number": "NaN"},
  "bigint": {"$bigint": "18446744073709551616"},
  "date": {"$date": "2026-01-01T00:00:00.000Z"},
  "map": {"$map": [[1, "keys of any kind"], ["two", {"$undefined": true}]]},
  "set": {"$set": [1, 2, 3]},
  "bytes": {"$bytes": "c0ffee"},
  "floats": {"$Float32Array": [0.5, 1.25]},
  "url": {"$url": "https://example.com/?q=1"},
  "pattern": {"$regexp": "/ab+c/i"},
  "escaped": {"$object": {"$date": "an object that only looks like one"}}
}`,
};
