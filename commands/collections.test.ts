import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptCollections, passingCollections } from './collections.ts';

const services = join(import.meta.dirname, '..', 'services');

/** The names of all collections that services declare. */
const declared = (): string[] =>
  readdirSync(services, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(join(services, file), 'utf8').matchAll(/: Collection = \{\s*name: '(\w+)'/g)])
    .map(([, name = '']) => name);

it('every collection that a service declares is either data or passing, and assets come last', () => {
  const kept = keptCollections.map(({ collection }) => collection.name);
  const passing = passingCollections.map(({ collection }) => collection.name);
  expect([...kept, ...passing].sort()).toEqual(declared().sort());
  expect(kept.at(-1)).toBe('assets');
});
