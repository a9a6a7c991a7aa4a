import { doc } from '../../../test/conformance/search/case.ts';
import { ownName, withServers } from '../../../test/fixtures/servers.ts';
import { SearchError, type SearchField, type SearchIndex } from '../port.ts';
import { Refusal } from './failures.ts';
import { haveKnn } from './knn.ts';
import { indexBody, structure } from './mapping.ts';
import { openOpenSearch } from './open.ts';
import type { Server } from './server.ts';

const field = (length: number): SearchField => ({ name: 'look', kind: 'vector', length });

/** A pseudo-random vector, the same for the same number. */
function vector(n: number, length: number): number[] {
  let state = n + 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  });
}

function apart(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('whether the k-NN plugin is there', () => {
  const plugins = (...classes: string[]) => ({ plugins: classes.map((classname) => ({ classname })) });
  const knn = plugins('org.opensearch.painless.PainlessPlugin', 'org.opensearch.knn.plugin.KNNPlugin');
  const without = plugins('org.opensearch.painless.PainlessPlugin');
  const answering = (nodes: object): Server => ({ ask: async () => ({ nodes }) }) as unknown as Server;
  const failing = (error: Error): Server => ({ ask: () => Promise.reject(error) }) as unknown as Server;

  it('is asked of every node', async () => {
    expect(await haveKnn(answering({ one: knn, two: knn }))).toBe(true);
    expect(await haveKnn(answering({ one: knn, two: without }))).toBe(false);
    expect(await haveKnn(answering({ one: knn, two: {} }))).toBe(false);
  });

  it('is a no where it may not be asked, and an error where nobody answers', async () => {
    expect(await haveKnn(failing(new Refusal('security_exception', 'no permissions')))).toBe(false);
    const away = new SearchError('search.unavailable', 'away');
    await expect(haveKnn(failing(away))).rejects.toBe(away);
  });
});

withServers(['opensearch-knn'], ({ TEST_OPENSEARCH_KNN_URL: url }) => {
  describe('an index with the k-NN plugin', () => {
    let name: string;
    let index: SearchIndex;
    const alias = (): string => `${name}-assets-${structure}`;
    const ask = async <T>(path: string, init?: RequestInit): Promise<T> => {
      const answer = await fetch(`${url}${path}`, { headers: { 'content-type': 'application/json' }, ...init });
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()) as T;
    };
    const graphsAsked = async (): Promise<number> => {
      const { nodes } = await ask<{ nodes: Record<string, { knn_query_requests: number }> }>(
        '/_plugins/_knn/stats/knn_query_requests',
      );
      return Object.values(nodes).reduce((sum, { knn_query_requests }) => sum + knn_query_requests, 0);
    };
    const nearestTo = async (value: readonly number[], limit: number, exclude: string[] = []) =>
      (await index.nearest({ near: [{ field: 'look', value }], limit, exclude })).toSorted(
        (a, b) => (a.distances['look'] ?? NaN) - (b.distances['look'] ?? NaN),
      );

    beforeEach(() => {
      name = ownName();
    });
    afterEach(async () => {
      await index.close();
      await ask(`/${name}-*`, { method: 'DELETE' });
    });

    it('finds nearly all of the nearest vectors by a graph, with their exact distances', async () => {
      const length = 24;
      index = await openOpenSearch({ url, index: name });
      await index.configure([field(length)]);
      const all = Array.from({ length: 3000 }, (_, n) => ({ id: `d${n}`, value: vector(n, length) }));
      await index.put(all.map(({ id, value }) => doc(id, { look: value })));
      const before = await graphsAsked();
      let hits = 0;
      for (let n = 0; n < 20; n++) {
        const wish = vector(100_000 + n, length);
        const exact = all.map(({ id, value }) => ({ id, far: apart(value, wish) })).toSorted((a, b) => a.far - b.far);
        const out = exact[0]?.id ?? '';
        const found = await nearestTo(wish, 20, [out]);
        expect(found).toHaveLength(20);
        expect(found.map(({ id }) => id)).not.toContain(out);
        const farOf = new Map(exact.map(({ id, far }) => [id, far]));
        for (const { id, distances } of found)
          expect(Math.abs((distances['look'] ?? NaN) - (farOf.get(id) ?? NaN))).toBeLessThan(0.01);
        // The 20th is a matter of the last bit: a byte a number.
        const far = (exact[20]?.far ?? 0) + 0.01;
        hits += found.filter(({ id }) => (farOf.get(id) ?? NaN) <= far).length;
      }
      expect(hits).toBeGreaterThan(0.97 * 400);
      expect(await graphsAsked()).toBeGreaterThanOrEqual(before + 20);
    });

    it('goes by vectors of another length once they are declared so', async () => {
      index = await openOpenSearch({ url, index: name });
      await index.configure([field(4)]);
      await index.put([doc('four', { look: [1, 0, 0, 0] }), doc('six', { look: [1, 0, 0, 0, 0, 1] })]);
      expect((await nearestTo([1, 0, 0, 0], 5)).map(({ id }) => id)).toEqual(['four']);
      await index.configure([field(6)]);
      expect((await nearestTo([1, 0, 0, 0, 0, 0], 5)).map(({ id }) => id)).toEqual(['six']);
    });

    it('answers from an index that was made without the plugin, and gives it a graph at the next rebuild', async () => {
      const body = { ...indexBody({ replicas: '0-1', knn: false }), aliases: { [alias()]: {} } };
      await ask(`/${alias()}-v1`, { method: 'PUT', body: JSON.stringify(body) });
      const docs = [doc('a', { look: [1, 0, 0, 0] }), doc('b', { look: [1, 1, 0, 0] })];
      index = await openOpenSearch({ url, index: name });
      await index.configure([field(4)]);
      await index.put(docs);
      const before = await graphsAsked();
      expect((await nearestTo([1, 0, 0, 0], 5)).map(({ id }) => id)).toEqual(['a', 'b']);
      expect(await graphsAsked()).toBe(before);
      const rebuild = await index.rebuild?.();
      await rebuild?.put(docs);
      await rebuild?.finish();
      await index.put([doc('c', { look: [0, 1, 0, 0] })]);
      expect((await nearestTo([1, 0, 0, 0], 5)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect(await graphsAsked()).toBeGreaterThan(before);
    });
  });
});
