import { randomBytes } from 'node:crypto';
import { isMissing, isTaken } from './failures.ts';
import { haveKnn } from './knn.ts';
import { indexBody } from './mapping.ts';
import type { Server } from './server.ts';

/** The indexes made for a name: all there are, and those behind it: one, but for a moment of a swap. */
export interface Made {
  all: string[];
  current: string[];
}

export async function madeFor(server: Server, alias: string): Promise<Made> {
  const known = await server.ask<Record<string, { aliases: Record<string, unknown> }>>('GET', `/${alias}-v*/_alias`);
  const all = Object.keys(known);
  return { all, current: all.filter((name) => alias in (known[name]?.aliases ?? {})) };
}

/**
 * Makes an index under the next free number, with an alias before it in the same step: whoever sees one sees the other. Nodes that
 * do so at once try for the same number, and one of them makes it. Null: there is one behind the alias already.
 * @param beside behind a name of its own that no other had, beside the one that answers
 */
export async function create(
  server: Server,
  { alias, replicas, beside }: { alias: string; replicas: string; beside: boolean },
): Promise<{ index: string; alias: string } | null> {
  for (let n = 1; ; n++) {
    const { all, current } = await madeFor(server, alias);
    if (!beside && current.length > 0) return null;
    const index = `${alias}-v${n}`;
    if (all.includes(index)) continue;
    const made = { index, alias: beside ? `${index}-${randomBytes(6).toString('hex')}` : alias };
    try {
      const body = indexBody({ replicas, knn: await haveKnn(server) });
      await server.ask('PUT', `/${index}`, { body: { ...body, aliases: { [made.alias]: {} } } });
      return made;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
}

/** Drops the index of a name, or behind it; nothing where there is none. */
export async function drop(server: Server, name: string): Promise<void> {
  try {
    const [index] = Object.keys(await server.ask<object>('GET', `/${name}/_settings/index.uuid`));
    if (index !== undefined) await server.ask('DELETE', `/${index}`);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Puts an index behind a name in the place of all that are, in one step. */
export async function swap(server: Server, alias: string, made: { index: string; alias: string }): Promise<void> {
  const { current } = await madeFor(server, alias);
  await server.ask('POST', '/_aliases', {
    body: {
      actions: [
        { add: { index: made.index, alias } },
        { remove: { index: made.index, alias: made.alias } },
        ...current.map((index) => ({ remove_index: { index } })),
      ],
    },
  });
}
