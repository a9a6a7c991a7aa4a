import assert from 'node:assert/strict';
import { doc, fields, found, foundSet, reopeningCase, type SearchCase, searchCase, same } from './case.ts';

export const keeping: SearchCase[] = [
  searchCase('replaces a document as a whole', async (index) => {
    await index.put([doc('a', { title: 'red barn', tags: ['old'], width: 1, palette: [{ l: 0.5, a: 0, b: 0, weight: 1 }] })]);
    await index.put([doc('a', { title: 'grey mill' }, 2)]);
    same(await found(index, { q: 'mill' }), ['a']);
    same(await found(index, { q: 'barn' }), []);
    same(await found(index, { filters: [{ field: 'tags', any: ['old'] }] }), []);
    same(await found(index, { filters: [{ field: 'width', gte: 0 }] }), []);
    same(await found(index, { colors: { field: 'palette', near: [{ l: 0.5, a: 0, b: 0 }] } }), []);
    assert.equal(await index.count(), 1);
  }),

  searchCase('ignores a put of an older revision, and takes one of the same', async (index) => {
    await index.put([doc('a', { title: 'second' }, 2)]);
    await index.put([doc('a', { title: 'first' }, 1)]);
    same(await found(index, { q: 'first' }), []);
    await index.put([doc('a', { title: 'second again' }, 2)]);
    same(await found(index, { q: 'again' }), ['a']);
  }),

  searchCase('goes by revision within one call, too', async (index) => {
    await index.put([doc('a', { title: 'second' }, 2), doc('a', { title: 'third' }, 3), doc('a', { title: 'first' }, 1)]);
    same(await found(index, { q: 'third' }), ['a']);
    assert.equal(await index.count(), 1);
  }),

  searchCase('removes, and no late put brings back', async (index) => {
    await index.put([doc('a', { title: 'red', type: 'png' }, 3), doc('b', { title: 'red' }, 1)]);
    await index.remove([{ id: 'a', rev: 4 }]);
    await index.put([doc('a', { title: 'red' }, 3)]);
    await index.put([doc('a', { title: 'red' }, 4)]);
    same(await found(index, { q: 'red' }), ['b']);
    same(await found(index, {}), ['b']);
    assert.equal(await index.count(), 1);
  }),

  searchCase('takes a put that is newer than the removal', async (index) => {
    await index.put([doc('a', { title: 'red' }, 1)]);
    await index.remove([{ id: 'a', rev: 2 }]);
    await index.put([doc('a', { title: 'blue' }, 3)]);
    same(await found(index, { q: 'blue' }), ['a']);
    same(await found(index, { q: 'red' }), []);
    assert.equal(await index.count(), 1);
  }),

  searchCase('ignores a removal that is older than the document', async (index) => {
    await index.put([doc('a', { title: 'red' }, 5)]);
    await index.remove([{ id: 'a', rev: 4 }]);
    same(await found(index, { q: 'red' }), ['a']);
  }),

  searchCase('remembers the removal of what it has not seen yet', async (index) => {
    await index.remove([{ id: 'a', rev: 2 }]);
    await index.put([doc('a', { title: 'red' }, 1)]);
    same(await found(index, {}), []);
    assert.equal(await index.count(), 0);
  }),

  searchCase('makes findable what it has taken, from many callers at once', async (index) => {
    const puts = Array.from({ length: 300 }, (_, i) => index.put([doc(`d${i}`, { title: `number${i}` })]));
    await Promise.all(
      puts.map((put, i) => put.then(async () => same(await found(index, { q: `number${i}`, limit: 1 }), [`d${i}`]))),
    );
    assert.equal(await index.count(), 300);
  }),

  searchCase('takes nothing, and many at once', async (index) => {
    await index.put([]);
    await index.remove([]);
    await index.put(Array.from({ length: 1500 }, (_, i) => doc(`d${i}`, { title: 'many' })));
    assert.equal((await index.find({ q: 'many', limit: 1 })).total, 1500);
  }),

  searchCase('takes a value that does not fit its field as missing', async (index) => {
    await index.put([doc('a', { title: 'odd', width: 'wide', type: 7, hidden: 'yes', palette: 'red', createdAt: 'now' })]);
    same(await found(index, { q: 'odd' }), ['a']);
    same(
      await found(index, {
        filters: [
          { field: 'width', none: [1] },
          { field: 'type', none: ['x'] },
        ],
      }),
      ['a'],
    );
    same((await index.find({ facets: ['type', 'hidden'], limit: 1 })).facets, { type: [], hidden: [] });
  }),

  reopeningCase('keeps documents, fields, removals and the mark when it is closed and opened again', async (open) => {
    let index = await open();
    assert.equal(await index.mark(), null);
    await index.configure(fields);
    await index.put([
      doc('a', { title: 'red', tags: ['x'], createdAt: 2, palette: [{ l: 0.5, a: 0.1, b: 0, weight: 0.4 }] }, 2),
      doc('b', { title: 'red', createdAt: 1 }, 2),
      doc('c', { title: 'red', createdAt: 3 }, 2),
    ]);
    await index.remove([{ id: 'c', rev: 3 }]);
    await index.setMark('17');
    const before = await index.find({ q: 'red', facets: ['tags'], limit: 10 });
    const page = await index.find({ limit: 1 });

    index = await open();
    assert.equal(await index.mark(), '17');
    same(await index.find({ q: 'red', facets: ['tags'], limit: 10 }), before);
    same(await found(index, { cursor: page.next ?? '' }), ['b']);
    same(await found(index, { colors: { field: 'palette', near: [{ l: 0.5, a: 0.1, b: 0 }] } }), ['a']);
    await index.put([doc('a', { title: 'late' }, 1), doc('c', { title: 'late' }, 2)]);
    same(await found(index, { q: 'late' }), []);
    assert.equal(await index.count(), 2);
  }),

  reopeningCase('finds by a field that is declared after the documents came', async (open) => {
    let index = await open();
    await index.configure([{ name: 'title', kind: 'text', weight: 3 }]);
    await index.put([
      doc('a', {
        title: 'one',
        'plug.label': 'dog',
        'plug.note': 'a brown dog',
        'plug.score': 2,
        'plug.colors': [{ l: 0.5, a: 0, b: 0, weight: 1 }],
      }),
      doc('b', { title: 'two', 'plug.label': 'cat', 'plug.score': 1 }),
    ]);
    await index.configure([
      { name: 'title', kind: 'text', weight: 3 },
      { name: 'plug.label', kind: 'keyword', filter: true, facet: true },
      { name: 'plug.note', kind: 'text' },
      { name: 'plug.score', kind: 'float', filter: true, sort: true },
      { name: 'plug.colors', kind: 'colors' },
    ]);
    for (const again of [false, true]) {
      if (again) index = await open();
      same(await found(index, { filters: [{ field: 'plug.label', any: ['dog'] }] }), ['a']);
      same(await found(index, { q: 'brown' }), ['a']);
      same(await found(index, { sort: { field: 'plug.score', descending: false } }), ['b', 'a']);
      same(await found(index, { colors: { field: 'plug.colors', near: [{ l: 0.5, a: 0, b: 0 }] } }), ['a']);
    }
  }),

  searchCase('goes on finding by a field that is no longer declared', async (index) => {
    await index.put([doc('a', { about: 'brown', type: 'png' })]);
    await index.configure([{ name: 'title', kind: 'text', weight: 3 }]);
    same(await found(index, { q: 'brown' }), ['a']);
    same(await found(index, { filters: [{ field: 'type', any: ['png'] }] }), ['a']);
  }),

  searchCase('takes a field that is declared in another way', async (index) => {
    await index.put([doc('a', { about: 'harbour', plain: 'x' }), doc('b', { labels: ['harbour'], plain: 'y' })]);
    await index.configure(
      fields.map((field) => {
        if (field.name === 'about') return { ...field, weight: 3 };
        return field.name === 'plain' ? { ...field, filter: true } : field;
      }),
    );
    same(await found(index, { q: 'harbour' }), ['a', 'b']);
    same(await found(index, { filters: [{ field: 'plain', any: ['y'] }] }), ['b']);
    same(await foundSet(index, {}), ['a', 'b']);
  }),

  searchCase('answers nothing once it is closed, and bears being closed twice', async (index) => {
    await index.close();
    await index.close();
    await assert.rejects(() => index.find({ limit: 1 }));
  }),
];
