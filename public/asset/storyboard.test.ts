import { spread, tileAt, tilesOf } from './storyboard.js';

const vtt = `WEBVTT

00:00:00.000 --> 00:00:01.500
storyboard#xywh=0,0,160,90

00:00:01.500 --> 00:00:03.000
storyboard#xywh=160,0,160,90

01:00:03.000 --> 01:00:04.250
storyboard#xywh=320,90,160,90
`;

describe('a storyboard', () => {
  it('is read from its cues, whichever lines they end with', () => {
    const tiles = tilesOf(vtt);
    expect(tiles).toEqual(tilesOf(vtt.replaceAll('\n', '\r\n')));
    expect(tiles).toHaveLength(3);
    expect(tiles[2]).toEqual({ from: 3603, to: 3604.25, x: 320, y: 90, width: 160, height: 90 });
  });
  it('is nothing where there is none', () => {
    expect(tilesOf('<html>')).toEqual([]);
    expect(tileAt([], 1)).toBeUndefined();
  });
  it('knows the frame of a time, the last one after the end', () => {
    const tiles = tilesOf(vtt);
    expect([0, 1.5, 9999].map((time) => tiles.indexOf(tileAt(tiles, time)!))).toEqual([0, 1, 2]);
  });
  it('is spread evenly over a row', () => {
    const tiles = Array.from({ length: 100 }, (_, x) => ({ from: x, to: x + 1, x, y: 0, width: 1, height: 1 }));
    expect(spread(tiles, 4).map(({ x }) => x)).toEqual([12, 37, 62, 87]);
    expect(spread(tiles, 500)).toEqual(tiles);
  });
});
