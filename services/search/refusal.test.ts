import { SearchError } from '../../drivers/search/port.ts';
import { refusalOf, refuse } from './refusal.ts';

describe('what an index refuses', () => {
  it.each([
    ['search.cursor-invalid', 'search.cursor-invalid'],
    ['search.field-unknown', 'params.invalid'],
    ['search.query-invalid', 'params.invalid'],
  ] as const)('%s is the fault of who asks', (code, type) => {
    expect(refusalOf(new SearchError(code, 'why'))).toMatchObject({ type });
  });

  it('is no fault of theirs when its server is away, nor when it fails', () => {
    for (const error of [new SearchError('search.unavailable', 'gone'), new TypeError('a bug')]) {
      expect(refusalOf(error)).toBe(error);
      expect(() => refuse(error)).toThrow(error);
    }
  });
});
