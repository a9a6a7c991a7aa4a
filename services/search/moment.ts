/** A day or time of ISO 8601 in ms since the epoch; without an offset it is UTC, whatever the server's own zone is. NaN: it is none. */
export const momentOf = (text: string): number => Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
