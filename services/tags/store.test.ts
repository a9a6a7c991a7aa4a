import { jest } from '@jest/globals';
import { TagNames } from '../../mixins/tag-names.ts';
import { draftOf, nameTag } from './draft.ts';
import { commit } from './store.ts';
import type { TagRecords } from './tag-records.ts';

it('walks what stands below a tag once, however many names of it change', async () => {
  const names = new TagNames([
    { id: 'sea', name: 'sea' },
    { id: 'bay', name: 'bay', parent: 'sea' },
    ...Array.from({ length: 20 }, (_, i) => ({ id: `s${i}`, name: `s${i}`, into: 'sea' })),
  ]);
  const draft = draftOf(names);
  const tag = nameTag(draft, draft.tag('sea'), [], { merge: false });
  const due: unknown[] = [];
  const records = {
    updateMany: (query: unknown) => Promise.resolve(due.push(query)),
    updateById: (id: string) => Promise.resolve({ id }),
  } as unknown as TagRecords;
  const walk = jest.spyOn(TagNames.prototype, 'levels');
  await commit(records, names, draft, tag);
  const before = walk.mock.contexts.filter((one) => one === names);
  walk.mockRestore();
  expect(before).toHaveLength(1);
  expect(due).toEqual([{ id: { $in: expect.arrayContaining(['sea', 'bay', 's0', 's19']) as string[] } }]);
});
