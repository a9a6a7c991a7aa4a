import { parentsOf } from './paths.ts';
import { RecordsError, type Update } from './port.ts';

/** An update as lists; no path is in two of them, or below another. */
export interface Changes {
  set: readonly [path: string, value: unknown][];
  inc: readonly [path: string, by: number][];
  unset: readonly string[];
}

const invalid = (message: string): RecordsError => new RecordsError('records.query-invalid', message);

function checkPaths(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    if (path === 'id' || path.startsWith('id.')) throw invalid('a record keeps its id: remove it and insert another');
    if (seen.has(path)) throw invalid(`'${path}' is updated twice in one update`);
    seen.add(path);
  }
  for (const path of paths) {
    const above = parentsOf(path).find((parent) => seen.has(parent));
    if (above !== undefined) throw invalid(`'${above}' and '${path}' below it cannot be updated in one update`);
  }
}

function operand(update: Update, operator: keyof Update): [path: string, value: unknown][] {
  const value: unknown = update[operator] ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${operator} takes an object of paths`);
  const entries: [string, unknown][] = Object.entries(value);
  return entries.filter(([, of]) => of !== undefined);
}

function summandOf([path, by]: [string, unknown]): [path: string, by: number] {
  if (typeof by !== 'number' || !Number.isFinite(by)) throw invalid(`$inc of '${path}' takes a finite number`);
  return [path, by];
}

/** An update taken apart and its paths checked, or null where it changes nothing. */
export function parseUpdate(update: Update): Changes | null {
  const stray = Object.keys(update).find((key) => key !== '$set' && key !== '$unset' && key !== '$inc');
  if (stray !== undefined) throw invalid(`'${stray}' is not understood: an update takes $set, $unset and $inc, by path`);
  const set = operand(update, '$set');
  const inc = operand(update, '$inc').map(summandOf);
  const unset = operand(update, '$unset').map(([path]) => path);
  const paths = [...set.map(([path]) => path), ...inc.map(([path]) => path), ...unset];
  checkPaths(paths);
  return paths.length === 0 ? null : { set, inc, unset };
}
