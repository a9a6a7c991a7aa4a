import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { EDGES, type Squares } from './networks.ts';
import { networks, startNetworks, startThread, type Thread } from './thread.ts';

let cache: string;
let thread: Thread;
const grey: Squares = {
  objects: new Uint8Array(EDGES.objects ** 2 * 3).fill(128),
  faces: new Uint8Array(EDGES.faces ** 2 * 3).fill(128),
  kinds: new Uint8Array(EDGES.kinds ** 2 * 3).fill(128),
};

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'networks-'));
  thread = await startThread({ engine: 'onnx', cache });
});
afterAll(async () => {
  await thread.end();
  await rm(cache, { recursive: true });
});

describe('the thread of the networks', () => {
  it('sees nothing in a grey square', async () => {
    const { objects, faces, features, kinds } = await thread.look(grey);
    expect(objects.filter(({ score }) => score > 0.4)).toEqual([]);
    expect(faces.filter(({ score }) => score > 0.6)).toEqual([]);
    expect(features).toHaveLength(96);
    expect(Object.values<number>({ ...kinds }).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
  });

  // A network on this thread would let it turn once, when it has finished.
  it('leaves this one free while networks run', async () => {
    let running = true;
    let turns = 0;
    const look = thread.look(grey).finally(() => (running = false));
    while (running) {
      await setImmediate();
      turns++;
    }
    await look;
    expect(turns).toBeGreaterThan(20);
  });

  it('answers each who asks at once', async () => {
    const white: Squares = { ...grey, kinds: new Uint8Array(grey.kinds.length).fill(255) };
    const [first, second, third] = await Promise.all([thread.look(grey), thread.look(white), thread.look(grey)]);
    expect(third).toEqual(first);
    expect(second.features).not.toEqual(first.features);
  });

  it('says what is wrong with a square of another size, and goes on', async () => {
    await expect(thread.look({ ...grey, faces: new Uint8Array(3) })).rejects.toThrow(/was given 3 bytes, not 256 × 256 × 3/);
    await expect(thread.look(grey)).resolves.toHaveProperty('kinds');
  });

  it('fails what it was asked when it ends, and what it is asked afterwards', async () => {
    const other = await startThread({ engine: 'onnx', cache });
    const asked = expect(other.look(grey)).rejects.toThrow(/has ended/);
    await other.end();
    await asked;
    expect(other.usable()).toBe(false);
    await expect(other.look(grey)).rejects.toThrow(/has ended/);
  });

  it('does not start where the networks cannot be loaded, and says why', async () => {
    const file = join(cache, 'a-file');
    await writeFile(file, '');
    await expect(startThread({ engine: 'onnx', cache: join(file, 'below') })).rejects.toThrow(/ENOTDIR/);
  });
});

describe('the networks of a process', () => {
  it('have to be set up first', () => {
    expect(() => networks('tfjs')).toThrow(/call startNetworks first/);
  });

  it('are one thread, whoever asks, and another when it has ended', async () => {
    const [first, same] = await Promise.all([startNetworks({ engine: 'onnx', cache }), startNetworks({ engine: 'onnx', cache })]);
    expect(same).toBe(first);
    expect(await networks('onnx')).toBe(first);
    await first.end();
    const [next, again] = await Promise.all([networks('onnx'), networks('onnx')]);
    expect(next).not.toBe(first);
    expect(again).toBe(next);
    await next.end();
  });
});
