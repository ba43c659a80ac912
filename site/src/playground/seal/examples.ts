/** Values to begin with, by the name on their button: what the fields of the Seal view then hold. */

export interface Example {
  readonly value: string;
  /** Flash messages by bag. */
  readonly flashes: string;
  /** A line for each class. */
  readonly types?: string;
}

export const EXAMPLES: Readonly<Record<string, Example>> = {
  login: {
    value: `{
  "userId": "u_4071",
  "name": "Zoë",
  "lastVisit": {"$date": "2026-01-01T09:30:00.000Z"},
  "cart": {"$map": [["apple", 3], ["pear", 1]]}
}`,
    flashes: `{"default": ["Welcome back"]}`,
  },
  types: {
    value: `{
  "number": 1.5,
  "notANumber": {"$number": "NaN"},
  "bigint": {"$bigint": "18446744073709551616"},
  "date": {"$date": "2026-01-01T00:00:00.000Z"},
  "map": {"$map": [[1, "keys of any kind"], ["two", {"$undefined": true}]]},
  "set": {"$set": [1, 2, 3]},
  "bytes": {"$bytes": "c0ffee"},
  "floats": {"$Float32Array": [0.5, 1.25]},
  "url": {"$url": "https://example.com/?q=1"},
  "escaped": {"$object": {"$date": "an object that only looks like one"}}
}`,
    flashes: '',
  },
  class: {
    value: `{
  "owner": {"$class": ["Person", {"firstName": "Ada", "lastName": "Lovelace"}]}
}`,
    flashes: '',
    types: 'Person: firstName, lastName',
  },
  large: {
    value: `{
  "userId": "u_4071",
  "history": [${Array.from({ length: 90 }, (_, at) => `"/products/${1000 + 37 * at}/details?page=${at}"`).join(', ')}],
  "note": "${'naïve café 🍰 '.repeat(24).trim()}"
}`,
    flashes: '',
  },
};
