import { Layer } from './tag-layer.ts';

const below = new Layer<number>();
below.set('a', 1);
below.set('b', 2);

it('shows what is below it until that is written or taken away here', () => {
  const layer = new Layer(below);
  layer.set('a', 10);
  layer.set('c', 3);
  layer.delete('b');
  layer.delete('nothing');
  expect([layer.get('a'), layer.get('b'), layer.get('c'), layer.size]).toEqual([10, undefined, 3, 2]);
  expect([...layer.values()].sort()).toEqual([10, 3]);
  expect(['a', 'b', 'c'].map((key) => layer.owns(key))).toEqual([true, false, true]);
  layer.set('b', 20);
  expect([layer.get('b'), layer.size]).toEqual([20, 3]);
  expect([...below.entries()]).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});
