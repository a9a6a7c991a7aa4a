import { TagNames } from '../../mixins/tag-names.ts';
import { listTags } from './listing.ts';
import { suggestTags } from './suggest.ts';
import { useOf } from './use.ts';

const many = Array.from({ length: 5000 }, (_, i) => ({ id: `t${i}`, name: `t${i}`, count: 1 }));
const names = new TagNames(many);
const use = await useOf(many, names);

/** How often others had their turn meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let over = false;
  const turn = () => {
    turns += 1;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  over = true;
  return turns;
}

it.each([
  ['counting the use', () => useOf(many, names)],
  ['a page of the list', () => listTags(names, use, { sort: 'name', limit: 10 })],
  ['suggestions', () => suggestTags(names, use, { q: 't', limit: 10 })],
])('%s lets others have their turn again and again', async (_, work) => {
  expect(await turnsDuring(work)).toBeGreaterThanOrEqual(5);
});
