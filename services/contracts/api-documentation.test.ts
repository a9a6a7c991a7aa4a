import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Action } from './contract.ts';
import { events } from './event.ts';
import { ingest } from './ingest.ts';
import { media } from './media.ts';
import { MeshNode, nodes } from './nodes.ts';
import { pipeline } from './pipeline.ts';
import { search, SearchParams } from './search.ts';
import { tags } from './tags.ts';

const page = join(import.meta.dirname, '../../docs/api.md');

/** The rows of the table below a heading, as cells without their code marks. */
async function tableBelow(heading: string): Promise<string[][]> {
  const [, section = ''] = (await readFile(page, 'utf8')).split(`\n## ${heading}\n`);
  const rows = section
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('docs/api.md', () => {
  it('lists the actions that have an address, with what they do, and no others', async () => {
    const actions: Action[] = [media, tags, search, pipeline, ingest, nodes].flatMap((contract) => Object.values(contract));
    const published = actions.flatMap(({ rest, summary }) =>
      rest === undefined ? [] : [[rest.replace(' /', ' /api/'), summary]],
    );
    const listed = await tableBelow('Addresses');
    expect(listed.map(String).sort()).toEqual(published.map(String).sort());
  });

  it('lists the parameters that every search has, and no others', async () => {
    const listed = (await tableBelow('Searching')).map(([name]) => name);
    expect(listed.sort()).toEqual(Object.keys(SearchParams.shape).sort());
  });

  it('lists the events with the members of their data, and no others', async () => {
    const told = Object.values(events).map(({ name, payload }) => [name, Object.keys(payload.shape).join(', ')]);
    const listed = await tableBelow('Events');
    expect(listed.map(String).sort()).toEqual(told.map(String).sort());
  });

  it('gives examples of nodes as they are', async () => {
    const [, example = ''] = /```json\n(\{[^`]*?"slots"[^`]*)```/.exec(await readFile(page, 'utf8')) ?? [];
    const { items } = z.object({ items: z.array(MeshNode.strict()).min(1) }).parse(JSON.parse(example));
    expect(Object.keys(items[0]!)).toEqual(Object.keys(MeshNode.shape));
  });

  it('gives examples of assets as they are: each member is one of the schema', async () => {
    const [example = ''] = [...(await readFile(page, 'utf8')).matchAll(/```json\n(\{[^`]*?"sha256"[^`]*)```/g)].map(
      ([, json]) => json,
    );
    const asset = z.record(z.string(), z.unknown()).parse(JSON.parse(example));
    const strict = media.get.result.extend({ sha256: z.string() }).strict().safeParse(asset);
    expect(strict.error?.issues ?? []).toEqual([]);
  });
});
