import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { enrichOnce } from '../sdk/testkit.ts';
import { type Clips, describeWith, drivers, hasFfmpeg, openClips, tiny } from './fixtures/clips.ts';
import { videoThumbnails } from './index.ts';
import { saysSeconds, saysSize } from './fixtures/patch.ts';

const { signal } = new AbortController();
const need = hasFfmpeg ? undefined : 'no ffmpeg to make clips with';
const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, (_none, i) => (i * 2_654_435_761) >>> 24));

let clips: Clips;
let server: Server;
let connections = 0;
beforeAll(async () => {
  clips = await openClips();
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await clips.close();
});

describe.each(drivers)('hostile files: $name', ({ missing, open: openReader }) => {
  const enrich = async (bytes: Buffer, name = 'clip.mp4') =>
    enrichOnce(videoThumbnails(await openReader()), { name, bytes: () => bytes });
  const refused = (bytes: Buffer, why: RegExp) =>
    expect(enrich(bytes)).rejects.toThrow(
      expect.objectContaining({ name: 'PermanentError', message: expect.stringMatching(why) }),
    );

  describeWith(missing, 'on any machine', () => {
    /** Texts that tell a player what else to open: a file beside them, and an address. */
    const playlists = (): [string, string][] => {
      const { port } = server.address() as AddressInfo;
      const there = `http://127.0.0.1:${port}/segment.ts`;
      return [
        ['HLS', `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://${tiny.mp4}\n#EXTINF:4,\n${there}\n#EXT-X-ENDLIST\n`],
        ['ffconcat', `ffconcat version 1.0\nfile '${tiny.mp4}'\nfile '${there}'\n`],
        ['SDP', `v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 96\n`],
      ];
    };

    it('refuses playlists by their first bytes: they name other files', async () => {
      for (const [, text] of playlists()) await refused(Buffer.from(text), /no video that can be read/);
    });

    it('opens nothing but the file, whatever container a playlist is taken for', async () => {
      const reader = await openReader();
      for (const [kind, text] of playlists()) {
        const path = clips.path('mp4');
        await writeFile(path, text);
        for (const demuxer of ['mov', 'matroska', 'mpegts', 'avi', 'ogg', 'flv', 'asf', 'mpeg'])
          await expect(
            reader.pass({ path, demuxer }, { take: 'keyframes', withinMs: 10_000 }, signal).then(
              ({ frames }) => [kind, demuxer, frames],
              () => [kind, demuxer, []],
            ),
          ).resolves.toEqual([kind, demuxer, []]);
      }
      expect(connections).toBe(0);
    });

    it.each([
      ['nothing at all', Buffer.alloc(0), /no video that can be read/],
      ['noise', noise(20_000), /no video that can be read/],
      [
        'noise behind the first bytes of an MP4',
        Buffer.concat([Buffer.from('\0\0\0\u0018ftypisom'), noise(20_000)]),
        /damaged|cut off/,
      ],
      [
        'noise behind the first bytes of a Matroska file',
        Buffer.concat([Buffer.from('1a45dfa3', 'hex'), noise(20_000)]),
        /damaged|cut off/,
      ],
      [
        'sync bytes of a transport stream and nothing in it',
        Buffer.alloc(188 * 200, Buffer.from([0x47, ...Array<number>(187).fill(0xff)])),
        /./,
      ],
    ])('refuses %s', async (_what, bytes, why) => refused(bytes, why));

    it('gives nothing large for a header that says 16K of small frames', async () => {
      const bytes = saysSize(readFileSync(tiny.mp4), 16_384, 16_384);
      const poster = await enrich(bytes).then(
        ({ files }) => files.get('poster')!.ref,
        (error: unknown) => error,
      );
      if (poster instanceof Error)
        expect(poster).toMatchObject({ name: 'PermanentError', message: expect.stringMatching(/too large/) });
      else expect(poster).toMatchObject({ height: 90 });
    });

    it('takes ten hours in the header for what they are: four seconds', async () => {
      const { outputs } = await enrich(saysSeconds(readFileSync(tiny.mp4), 10 * 3600));
      expect(outputs).toMatchObject({ durationMs: expect.closeTo(4000, -2), thumbnails: { length: 8 } });
    });

    it('shows what is there of a clip that is cut off', async () => {
      const bytes = readFileSync(tiny.mp4);
      const { outputs } = await enrich(bytes.subarray(0, Math.round(bytes.length * 0.6)));
      expect(outputs['durationMs']).toBeLessThan(4000);
      expect(outputs['durationMs']).toBeGreaterThan(1000);
    });
  });

  describeWith(missing ?? need, 'made by ffmpeg', () => {
    const made = async (...args: string[]): Promise<Buffer> => {
      const path = clips.path('mp4');
      await clips.ffmpeg(...args, path);
      return clips.bytes(path);
    };
    const silence = (seconds: number): string[] => ['-f', 'lavfi', '-i', `anullsrc=d=${seconds}`];

    it('refuses sound alone, and says so', async () => {
      await refused(await made(...silence(1)), /no moving pictures/);
    });

    it('refuses sound with a picture on its cover', async () => {
      const sound = await made(...silence(1), '-c:a', 'aac');
      const [path, cover] = [clips.path('m4a'), clips.path('jpg')];
      await writeFile(path, sound);
      await clips.ffmpeg('-i', tiny.mp4, '-frames:v', '1', cover);
      await refused(
        await made('-i', path, '-i', cover, '-map', '0', '-map', '1', '-c', 'copy', '-disposition:v', 'attached_pic'),
        /no moving pictures/,
      );
    });

    it('takes pictures with a sound of no length', async () => {
      const bytes = await made('-i', tiny.mp4, ...silence(0.0001), '-map', '0:v', '-map', '1:a', '-c:v', 'copy');
      expect((await enrich(bytes)).outputs).toMatchObject({ durationMs: expect.closeTo(4000, -2) });
    });

    it('refuses a clip whose table of contents, at its end, is cut off', async () => {
      const bytes = await made('-i', tiny.mp4, '-c', 'copy');
      await refused(bytes.subarray(0, bytes.length * 0.6), /cut off|damaged/);
    });

    it('refuses frames of 16K that a small header hides', async () => {
      const path = clips.path('mov');
      await clips.ffmpeg('-i', tiny.mp4, '-c:v', 'png', '-frames:v', '3', path);
      const bytes = await clips.bytes(path);
      for (let at = bytes.indexOf('IHDR'); at >= 0; at = bytes.indexOf('IHDR', at + 1)) {
        bytes.writeUInt32BE(16_384, at + 4);
        bytes.writeUInt32BE(16_384, at + 8);
      }
      await refused(bytes, /too large|not one of its frames|damaged/);
    });

    it.each([0, 30, 100, 300])('is content after %d ms with what there is, and says so where there is nothing', async (ms) => {
      const path = await clips.clip({ seconds: 60, output: ['-g', '9999'], extension: 'mkv' });
      const reader = await openReader({ passMs: ms, framesMs: ms });
      const outcome = await enrichOnce(videoThumbnails(reader), path).then(
        ({ outputs }) => outputs['thumbnails'],
        (error: unknown) => error,
      );
      if (outcome instanceof Error)
        expect(outcome).toMatchObject({ name: 'PermanentError', message: expect.stringMatching(/takes too long to read/) });
      else expect(outcome).toHaveProperty('length');
      if (ms === 0) expect(outcome).toBeInstanceOf(Error);
    });

    it('does not say how long a clip is where neither its header nor what was read tells', async () => {
      const live = ['-f', 'matroska', '-live', '1', '-g', '40'];
      const long = await clips.clip({ seconds: 700, size: [64, 36], filters: ['fps=2'], extension: 'mkv', output: live });
      const short = await clips.clip({ seconds: 4, extension: 'mkv', output: live });
      const reader = videoThumbnails(await openReader());
      const { outputs } = await enrichOnce(reader, long);
      expect(outputs).toMatchObject({ fps: 2, thumbnails: { length: 8 } });
      expect(outputs).not.toHaveProperty('durationMs');
      expect((await enrichOnce(reader, short)).outputs).toMatchObject({ durationMs: expect.closeTo(4000, -2) });
    });

    it.each([
      ['one frame', { seconds: 0.04 }, 1],
      ['seven frames', { seconds: 0.28 }, 7],
      ['one keyframe in six seconds', { seconds: 6, output: ['-g', '999'] }, 8],
      [
        'frames at no steady rate',
        { seconds: 6, filters: ["select='not(mod(n,7))+not(mod(n,11))'"], output: ['-fps_mode', 'vfr'] },
        8,
      ],
      [
        'frames that are seen through',
        {
          seconds: 2,
          extension: 'webm',
          filters: ['format=yuva420p'],
          output: ['-c:v', 'libvpx', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0', '-deadline', 'realtime', '-cpu-used', '8'],
        },
        5,
      ],
      ['a single row of pixels', { seconds: 1, size: [320, 2] as [number, number] }, 8],
    ])('makes all it can of %s', async (_what, how, count) => {
      const path = await clips.clip(how);
      const { outputs, files } = await enrich(await clips.bytes(path));
      expect(outputs['thumbnails']).toHaveLength(count);
      for (const [name, { ref }] of files)
        if (ref.width !== undefined) expect([name, ref.width <= 800 && ref.height! <= 1600]).toEqual([name, true]);
      expect(outputs['durationMs']).toBeGreaterThan(0);
    });
  });
});

/** Processes whose parent is this one, by the system's own list. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
const proc = existsSync('/proc/self/task') && readdirSync(`/proc/self/task/${process.pid}`).includes('children');
/** A child that this process has and had not before, as soon as there is one. */
async function childOf(pid: number, before: readonly number[] = []): Promise<number> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const child = childrenOf(pid).find((one) => !before.includes(one));
    if (child !== undefined) return child;
    await setImmediate();
  }
  throw new Error(`process ${pid} started no other in 30 s`);
}

const alive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

describeWith(need ?? (proc ? undefined : 'no /proc to see processes in'), 'the program ffmpeg', () => {
  it('is gone when the run is cancelled', async () => {
    const { programs } = await import('./programs/reader.ts');
    const path = await clips.clip({ seconds: 20 });
    const controller = new AbortController();
    const before = childrenOf(process.pid);
    const run = programs.pass({ path, demuxer: 'mov' }, { take: { everyMs: 0 }, withinMs: 60_000 }, controller.signal);
    const outcome = expect(run).rejects.toThrow('cancelled');
    const mine = await childOf(process.pid, before);
    controller.abort(new Error('cancelled'));
    await outcome;
    expect(alive(mine)).toBe(false);
  });

  it('does not outlive a process that is killed', async () => {
    const [clip, fifo] = [await clips.clip({ seconds: 4, extension: 'ts' }), clips.path('ts')];
    spawnSync('mkfifo', [fifo]);
    const script = `
      const { programs } = await import(${JSON.stringify(new URL('./programs/reader.ts', import.meta.url).href)});
      const source = { path: ${JSON.stringify(fifo)}, demuxer: 'mpegts' };
      programs.pass(source, { take: { everyMs: 0 }, withinMs: 60_000 }, new AbortController().signal);
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const ffmpeg = await childOf(parent.pid!);
    // It waits for a clip that does not end, until it has something to tell and nobody to tell it to.
    const pipe = await open(fifo, 'w');
    try {
      expect(alive(ffmpeg)).toBe(true);
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      const bytes = await clips.bytes(clip);
      while (alive(ffmpeg)) await pipe.write(bytes).catch(() => undefined);
    } finally {
      await pipe.close();
    }
    expect(alive(ffmpeg)).toBe(false);
  });
});
