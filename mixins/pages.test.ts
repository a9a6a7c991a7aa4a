import { openSqliteRecords } from '../drivers/records/sqlite/open.ts';
import { pagesById } from './pages.ts';

interface Thing {
  id: string;
  kind: string;
}

it('gives all that fit in the order of their ids, page by page, and no empty page', async () => {
  const store = await openSqliteRecords({ file: ':memory:' });
  const things = store.collection<Thing>({ name: 'things', hot: { kind: 'text' } });
  const pages = async (options: Parameters<typeof pagesById>[1]): Promise<string[]> =>
    (await Array.fromAsync(pagesById(things, options))).map((page) => page.map(({ id }) => id).join(''));
  expect(await pages({ limit: 3 })).toEqual([]);
  await things.insertMany('f b d a c e'.split(' ').map((id) => ({ id, kind: 'bdf'.includes(id) ? 'odd' : 'even' })));
  expect(await pages({ limit: 3 })).toEqual(['abc', 'def']);
  expect(await pages({ limit: 4 })).toEqual(['abcd', 'ef']);
  expect(await pages({ query: { kind: 'odd' }, limit: 2 })).toEqual(['bd', 'f']);
  await store.close();
});
