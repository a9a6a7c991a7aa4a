import { COCO } from '../networks/coco.ts';
import type { Detection } from '../networks/boxes.ts';
import { ranked } from './label.ts';
import { objectLabels } from './objects.ts';

const seen = (name: string, score: number): Detection => ({
  kind: COCO.indexOf(name),
  score,
  box: { left: 0, top: 0, right: 1, bottom: 1 },
});

describe('ranked', () => {
  it('puts the most confident first, and of equals the one given first', () => {
    const labels = [
      { name: 'landscape', confidence: 1 },
      { name: 'blue', confidence: 0.4 },
      { name: 'dark', confidence: 1 },
      { name: 'dog', confidence: 0.8 },
    ];
    expect(ranked(labels).map(({ name }) => name)).toEqual(['landscape', 'dark', 'dog', 'blue']);
  });

  it('keeps a name once, at its most confident: an orange may be a fruit and a colour', () => {
    const labels = [
      { name: 'orange', confidence: 0.4 },
      { name: 'orange', confidence: 0.7 },
    ];
    expect(ranked(labels)).toEqual([{ name: 'orange', confidence: 0.7 }]);
  });
});

describe('objectLabels', () => {
  it('gives each kind once, as sure as its best', () => {
    expect(objectLabels([seen('dog', 0.9), seen('dog', 0.6), seen('cat', 0.5)], 0.5)).toEqual([
      { name: 'dog', confidence: 0.9 },
      { name: 'cat', confidence: 0.5 },
    ]);
  });

  it('leaves out what is not sure enough', () => {
    expect(objectLabels([seen('dog', 0.49)], 0.5)).toEqual([]);
  });

  it('wants more of kinds that are often taken for others', () => {
    expect(objectLabels([seen('vase', 0.59)], 0.5)).toEqual([]);
    expect(objectLabels([seen('vase', 0.61)], 0.5)).toHaveLength(1);
    expect(objectLabels([seen('vase', 0.7)], 0.8)).toEqual([]);
  });
});
