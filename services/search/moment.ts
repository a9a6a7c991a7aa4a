/** A day or time of ISO 8601 in ms since the epoch; without an offset it is UTC, whatever the server's own zone is. NaN: it is none. */
export const momentOf = (text: string): number => Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text);

/** The first and the last ms of a year, a month, a day (of UTC) or a moment; undefined where it is none, such as the 31st of February. */
export function periodOf(text: string): { first: number; last: number } | undefined {
  const first = momentOf(text);
  if (Number.isNaN(first)) return undefined;
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? [];
  if (year === undefined) return { first, last: first };
  // `Date.parse` takes the 31st of February for the 3rd of March.
  if (!new Date(first).toISOString().startsWith(text)) return undefined;
  const months = month === undefined ? 12 : Number(day === undefined);
  const next = Date.UTC(Number(year), Number(month ?? 1) - 1 + months, Number(day ?? 1) + Number(day !== undefined));
  return { first, last: next - 1 };
}
