import type { AssetFile } from '../contracts/asset.ts';
import type { AssetRecord } from './asset-records.ts';
import { locateVariant } from './locate.ts';

const file = (name: string, type: string): AssetFile => ({ name, type, key: `derived/x/variants/f/${name}`, bytes: 1 });
const asset = (filename: string): AssetRecord => ({
  id: '01M8180XY7ER3G4CF9YEK47P93',
  filename,
  type: 'image/jpeg',
  bytes: 1,
  width: 1,
  height: 1,
  state: 'ready',
  rev: 1,
  createdAt: 0,
  changedAt: 0,
  enrichments: {},
  files: { variants: [file('640.webp', 'image/webp'), file('cues', 'text/vtt')] },
  prints: {},
});

describe('a derived file', () => {
  it.each([
    ['sunset.jpg', '640.webp', 'sunset-640.webp'],
    ['Été à deux.mp4', '640.webp', 'Été à deux-640.webp'],
    ['a.b.jpg', '640.webp', 'a.b-640.webp'],
    ['no extension', '640.webp', 'no extension-640.webp'],
    ['.jpg', '640.webp', '.jpg-640.webp'],
    ['sunset.jpg', 'cues', 'sunset-cues'],
  ])('of %s that is served as %s is saved as %s', (filename, name, saved) => {
    expect(locateVariant(asset(filename), name, undefined).filename).toBe(saved);
  });

  it('that the asset has not is not found', () => {
    expect(() => locateVariant(asset('sunset.jpg'), '1280.webp', undefined)).toThrow(/no file '1280.webp'/);
  });
});
