import { isVitrailError } from '../contracts/errors.ts';
import { formatFor, renditionFor, sourceFor, storedAs } from './rendition.ts';

const edges = [320, 640, 1280];
const asset = { width: 2560, height: 1440, type: 'image/jpeg' };
const file = (width: number, height: number, type = 'image/jpeg') => ({ key: `${width}.${type}`, type, width, height });

describe('the format of a rendition', () => {
  it.each([
    ['image/avif,image/webp,image/apng,*/*;q=0.8', 'image/jpeg', 'avif'],
    ['image/webp,*/*', 'image/jpeg', 'webp'],
    ['image/webp;q=0.9,image/avif;q=0.2', 'image/jpeg', 'webp'],
    ['image/avif;q=0, image/webp', 'image/jpeg', 'webp'],
    ['*/*', 'image/jpeg', 'jpeg'],
    ['image/*', 'image/png', 'png'],
    [undefined, 'image/gif', 'png'],
    ['nonsense;;,', 'image/tiff', 'jpeg'],
  ])('for Accept %s of a %s is %s', (accept, type, format) => expect(formatFor({ accept }, type)).toBe(format));

  it('is the one asked for', () => expect(formatFor({ format: 'png', accept: 'image/avif' }, 'image/jpeg')).toBe('png'));
});

describe('the size of a rendition', () => {
  it('keeps the aspect and fits both edges', () => {
    expect(renditionFor({ w: 640 }, asset, edges)).toMatchObject({ width: 640, height: 360 });
    expect(renditionFor({ w: 640, h: 320 }, asset, edges)).toMatchObject({ width: 569, height: 320 });
    expect(renditionFor({ h: 1280 }, { ...asset, width: 1440, height: 2560 }, edges)).toMatchObject({ width: 720, height: 1280 });
  });

  it('never grows beyond the original', () => {
    expect(renditionFor({ w: 1280 }, { ...asset, width: 161, height: 1 }, edges)).toMatchObject({ width: 161, height: 1 });
    expect(renditionFor({ w: 1280, h: 1280, fit: 'cover' }, { ...asset, width: 640, height: 320 }, edges)).toMatchObject({
      width: 320,
      height: 320,
    });
  });

  it('fills both edges with cover', () => {
    expect(renditionFor({ w: 320, h: 640, fit: 'cover' }, asset, edges)).toMatchObject({ width: 320, height: 640, fit: 'cover' });
  });

  it.each([{ w: 641 }, { h: 1 }, { w: 31_999 }, { w: 640, fit: 'cover' as const }])('refuses %j', (wish) => {
    let thrown: unknown;
    try {
      renditionFor(wish, asset, edges);
    } catch (error) {
      thrown = error;
    }
    expect(isVitrailError(thrown, 'media.rendition-refused')).toBe(true);
  });
});

describe('what a rendition is made from', () => {
  const wish = renditionFor({ w: 640, format: 'webp' }, asset, edges);

  it('is nothing where a stored file is just it', () => {
    expect(storedAs(wish, [file(640, 360), file(640, 360, 'image/webp')])?.type).toBe('image/webp');
    expect(storedAs({ ...wish, fit: 'cover' }, [file(640, 360, 'image/webp')])).toBeUndefined();
  });

  it('is the nearest larger stored file, a JPEG before others', () => {
    const files = [file(2560, 1440), file(1280, 720, 'image/webp'), file(1280, 720), file(320, 180)];
    expect(sourceFor(wish, files)).toEqual(file(1280, 720));
  });

  it('is the original where no stored file is large enough', () => expect(sourceFor(wish, [file(320, 180)])).toBeUndefined());
});
