import assert from 'node:assert/strict';
import { doc, fields, found, foundSet } from '../../../test/conformance/search/case.ts';
import { ownName, withServers } from '../../../test/fixtures/servers.ts';
import type { SearchField, SearchIndex } from '../port.ts';
import { openOpenSearch } from './open.ts';

withServers(['opensearch'], ({ VITRAIL_OPENSEARCH_URL: url }) => {
  let index: string;
  let opened: SearchIndex[];
  const open = async (): Promise<SearchIndex> => {
    const one = await openOpenSearch({ url, index });
    opened.push(one);
    return one;
  };
  const drop = (): Promise<Response> => fetch(`${url}/${index}-*`, { method: 'DELETE' });
  const indexes = async (): Promise<string[]> => Object.keys((await (await fetch(`${url}/${index}-*`)).json()) as object);

  beforeEach(() => {
    index = ownName();
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((one) => one.close()));
    await drop();
  });

  describe('several nodes', () => {
    it('make one index when all are opened at once', async () => {
      const nodes = await Promise.all(Array.from({ length: 5 }, open));
      await Promise.all(nodes.map((node) => node.configure(fields)));
      expect(await indexes()).toHaveLength(1);
      await nodes[0]?.put([doc('a', { title: 'red' })]);
      for (const node of nodes) expect(await found(node, { q: 'red' })).toEqual(['a']);
    });

    it('declare fields and put at once, and find what each of them has put', async () => {
      const nodes = await Promise.all([open(), open(), open()]);
      const [first] = nodes;
      const own = (n: number): SearchField => ({ name: `plug${n}.label`, kind: 'keyword', filter: true, facet: true });
      await Promise.all(
        nodes.map(async (node, n) => {
          await node.configure([...fields, own(n)]);
          await node.put(Array.from({ length: 50 }, (_, i) => doc(`n${n}-${i}`, { title: 'shared', [own(n).name]: 'x' })));
        }),
      );
      for (const node of nodes) expect((await node.find({ q: 'shared', limit: 1 })).total).toBe(150);
      // All of them are known to who comes later, and to each once it declares them, too.
      const late = await open();
      await first.configure([own(1), own(2)]);
      for (const node of [late, first])
        for (const n of [0, 1, 2])
          expect((await node.find({ filters: [{ field: own(n).name, any: ['x'] }], limit: 1 })).total).toBe(50);
    });

    it('keep the newest of what they put at once', async () => {
      const [first, second] = await Promise.all([open(), open()]);
      await first.configure(fields);
      await second.configure(fields);
      await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 ? first : second).put([doc('a', { title: `number${i}`, width: i }, i + 1)])),
      );
      expect(await found(first, { filters: [{ field: 'width', any: [39] }] })).toEqual(['a']);
      expect(await second.count()).toBe(1);
    });
  });

  it('makes an index anew that was deleted by hand, with all fields and no mark', async () => {
    const node = await open();
    await node.configure(fields);
    await node.put([doc('a', { title: 'red', type: 'png' })]);
    await node.setMark('17');
    await drop();
    expect(await node.mark()).toBeNull();
    expect(await found(node, { filters: [{ field: 'type', any: ['png'] }], facets: ['tags'] })).toEqual([]);
    // What was on its way when it was deleted says nothing of the new one.
    await drop();
    await node.setMark('18');
    expect(await node.mark()).toBeNull();
    await drop();
    await Promise.all([node.put([doc('a', { title: 'red', type: 'png' })]), node.put([doc('b', { palette: [] })])]);
    expect(await node.mark()).toBeNull();
    await node.setMark('19');
    expect([await node.mark(), await node.count(), await foundSet(node, { q: 'red' })]).toEqual(['19', 2, ['a']]);
    expect(await indexes()).toHaveLength(1);
  });

  it('keeps the mark of whichever node wrote last, and none that is meant for an index that is gone', async () => {
    const [node, other] = [await open(), await open()];
    await node.setMark('1');
    expect(await other.mark()).toBe('1');
    await node.setMark('2');
    await other.setMark('3');
    expect(await node.mark()).toBe('3');
    await Promise.all(['4', '5', '6'].map((mark, i) => (i % 2 ? node : other).setMark(mark)));
    expect(['4', '5', '6']).toContain(await node.mark());
    await drop();
    expect(await other.mark()).toBeNull();
    await other.setMark('of the new one');
    await node.setMark('of the old one');
    expect(await other.mark()).toBe('of the new one');
  });

  describe('a rebuild', () => {
    const docs = Array.from({ length: 60 }, (_, i) => doc(`d${i}`, { title: 'barn', width: i, hash: '0'.repeat(16) }));
    const near = [{ field: 'hash', within: 2 }];

    it('takes the place of the index with no failed read, and with its own mark', async () => {
      const [node, other] = [await open(), await open()];
      await node.configure(fields);
      await other.configure(fields);
      await node.put([...docs, doc('stale', { title: 'barn' })]);
      await node.setMark('old');
      const totals = new Set<number>();
      let over = false;
      const reads = [node, other, node].map(async (reader) => {
        for (let i = 0; !over; i++) {
          const { total } = await reader.find({ q: i % 2 ? 'barn' : 'bern', facets: ['type'], limit: 5 });
          totals.add(total);
          await reader.nearest({ near: [{ field: 'hash', value: '0'.repeat(16) }], limit: 5 });
          await reader.count();
        }
      });
      for (let round = 0; round < 3; round++) {
        const rebuild = await node.rebuild?.();
        assert.ok(rebuild);
        await rebuild.put(docs.map((one) => ({ ...one, rev: 2 })));
        await rebuild.remove([{ id: 'd0', rev: 3 }]);
        await rebuild.setMark(`new ${round}`);
        expect(await node.mark()).toBe(round === 0 ? 'old' : `new ${round - 1}`);
        await rebuild.finish();
      }
      over = true;
      await Promise.all(reads);
      expect([...totals].sort()).toEqual([59, 61]);
      expect(await other.mark()).toBe('new 2');
      expect(await other.count()).toBe(59);
      expect((await other.groups({ near, order: [], limit: 1 })).groups[0]).toHaveLength(59);
      expect(await indexes()).toHaveLength(1);
    });

    it('knows fields that are declared meanwhile', async () => {
      const node = await open();
      await node.configure(fields);
      const rebuild = await node.rebuild?.();
      await rebuild?.put([doc('a', { 'plug.label': 'dog' })]);
      await node.configure([...fields, { name: 'plug.label', kind: 'keyword', filter: true }]);
      await rebuild?.finish();
      expect(await found(node, { filters: [{ field: 'plug.label', any: ['dog'] }] })).toEqual(['a']);
    });

    it('leaves no mark that was read from the index before', async () => {
      const node = await open();
      await node.configure(fields);
      expect(await node.mark()).toBeNull();
      const rebuild = await node.rebuild?.();
      await rebuild?.setMark('new');
      await rebuild?.finish();
      await node.setMark('of the old one');
      expect(await node.mark()).toBe('new');
      await node.setMark('next');
      expect(await node.mark()).toBe('next');
    });

    it('is given up when another begins, and leaves nothing behind', async () => {
      const node = await open();
      await node.configure(fields);
      await node.put(docs);
      const first = await node.rebuild?.();
      const second = await node.rebuild?.();
      assert.ok(first && second);
      await expect(first.put(docs)).rejects.toThrow('given up');
      await expect(first.finish()).rejects.toThrow('given up');
      await second.abandon();
      expect(await indexes()).toHaveLength(1);
      expect(await node.count()).toBe(60);
    });
  });
});
