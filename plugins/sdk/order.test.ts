import { dependencyOrder } from './order.ts';

const enricher = (name: string, ...after: string[]) => ({ name, after });

describe('dependencyOrder', () => {
  it('puts each after those it depends on, near and far', () => {
    expect(dependencyOrder([enricher('c', 'b'), enricher('b', 'a'), enricher('a')])).toEqual(['a', 'b', 'c']);
    expect(dependencyOrder([enricher('d', 'b', 'c'), enricher('c', 'a'), enricher('b', 'a'), enricher('a')])).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });
  it('keeps the order given where nothing depends', () => {
    expect(dependencyOrder([enricher('z'), enricher('a'), enricher('m')])).toEqual(['z', 'a', 'm']);
  });
  it('leaves dependencies that are not here out of account', () => {
    expect(dependencyOrder([enricher('a', 'elsewhere')])).toEqual(['a']);
  });
  it('names the circle, and only the circle', () => {
    const circle = [enricher('outside', 'a'), enricher('a', 'b'), enricher('b', 'c'), enricher('c', 'a')];
    expect(() => dependencyOrder(circle)).toThrow('a after b after c after a');
    expect(() => dependencyOrder(circle)).not.toThrow('outside');
    expect(() => dependencyOrder([enricher('self', 'self')])).toThrow('self after self');
  });
});
