/**
 * CPU of all outputs of the enricher `video-thumbnails` on made-up clips (60 s, 1080p, H.264, sound), with a keyframe every 2 s and as
 * FFmpeg codes when it is told nothing (one in 250 frames: 6 to 8 in all), its child programs included, as a share of one pass of
 * ffmpeg that only decodes the keyframes, in turn, both on one thread: `node bench/video.ts [--rounds 5]`. The clips are made
 * once into .bench/, which takes minutes.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { Plugin } from '../config/plugins.ts';
import { cpuMs, median, root } from './app.ts';
import { assetOf, enrichHere, pluginsFor } from './enrichers/enrich.ts';
import { scratch } from './enrichers/pictures.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const run = promisify(execFile);
const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
const seconds = 60;
const size = { width: 1920, height: 1080 };

interface Kind {
  name: string;
  file: string;
  fps: number;
  /** What a camera and what a clean animation look like to a decoder: keyframes of the second are half the work. */
  grain: boolean;
  /** Options of the coder; none are its defaults. */
  coding: readonly string[];
}

const often = ['-preset', 'veryfast', '-crf', '23', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0'];
const clips: readonly Kind[] = [
  { name: 'grainy, a keyframe in 2 s', file: 'clip.mp4', fps: 25, grain: true, coding: often },
  { name: 'clean, a keyframe in 2 s', file: 'clean.mp4', fps: 25, grain: false, coding: often },
  { name: 'grainy, as coded by default at 25 fps', file: 'defaults-25.mp4', fps: 25, grain: true, coding: [] },
  { name: 'clean, as coded by default at 25 fps', file: 'defaults-25-clean.mp4', fps: 25, grain: false, coding: [] },
  { name: 'clean, as coded by default at 30 fps', file: 'defaults-30.mp4', fps: 30, grain: false, coding: [] },
];

/** A slow zoom into a sample and across it, with a tone. */
async function makeClip(file: string, { fps, grain, coding }: Kind): Promise<void> {
  const frames = seconds * fps;
  const move = `zoompan=z='1+on/${frames}':x='(iw-iw/zoom)*on/${frames}':y='(ih-ih/zoom)/2':d=${frames}:s=${size.width}x${size.height}:fps=${fps}`;
  const part = `${file}.part.mp4`;
  await ffmpeg(
    ...['-i', join(root, 'samples', 'dandelions.jpg'), '-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
    ...['-filter_complex', `[0:v]${move}${grain ? ',noise=alls=6:allf=t' : ''},format=yuv420p[v]`],
    ...['-map', '[v]', '-map', '1:a', '-t', String(seconds), '-c:v', 'libx264', ...coding, '-c:a', 'aac', part],
  );
  await rename(part, file);
}

/** CPU of some work in ms: of this process and of the programs that ended during it, which the kernel counts to who waited for them. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = await cpuMs(process.pid);
  await work();
  return (await cpuMs(process.pid)) - before;
}

async function bench(): Promise<string | undefined> {
  const there = await ffmpeg('-version').catch(() => undefined);
  if (!there) return 'there is no ffmpeg on the PATH: the clip cannot be made';
  const plugin = (await pluginsFor('video/mp4')).find(({ enricher }) => enricher.name === 'video-thumbnails');
  if (!plugin) return 'config/plugins.yaml does not enable video-thumbnails';
  await mkdir(scratch, { recursive: true });
  await plugin.enricher.setup?.(plugin.config, { cache: scratch });
  for (const kind of clips) {
    const clip = join(scratch, kind.file);
    if (!existsSync(clip)) await makeClip(clip, kind);
    await compare(kind.name, clip, plugin);
  }
  return undefined;
}

async function compare(name: string, clip: string, plugin: Plugin): Promise<void> {
  const asset = { ...(await assetOf(clip, { type: 'video/mp4', ...size })), durationMs: seconds * 1000 };
  const raw = () => Promise.reject(new Error('a video has no still before its poster'));
  const still = { ...size, hasAlpha: false, raw };
  const enrich = () => enrichHere(plugin, { asset, path: clip, still });
  const decode = (...more: readonly string[]) =>
    ffmpeg('-threads', '1', '-skip_frame', 'nokey', '-i', clip, ...more, '-f', 'null', '-');

  const { thumbnails } = await enrich();
  const rounds: { start: number; pass: number; silent: number; ours: number; node: number }[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const start = await cpuOf(() => ffmpeg('-version'));
    const [pass, silent] = [await cpuOf(decode), await cpuOf(() => decode('-an'))];
    const before = process.cpuUsage();
    const ours = await cpuOf(enrich);
    const { user, system } = process.cpuUsage(before);
    rounds.push({ start, pass, silent, ours, node: (user + system) / 1000 });
  }

  const middle = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of));
  const line = (title: string, value: string) => console.log(`  ${title.padEnd(38)}${value.padStart(6)}`);
  const share = (value: number) => `${value.toFixed(2)} (aim <= 1.50: ${value <= 1.5 ? 'met' : 'missed'})`;
  console.log(`${name}; ${seconds} s at ${size.width} × ${size.height}, CPU ms, medians of ${rounds.length} rounds`);
  line('start of ffmpeg, within each of these', middle(({ start }) => start).toFixed(0));
  line('one pass over the keyframes', middle(({ pass }) => pass).toFixed(0));
  line('the same without the sound', middle(({ silent }) => silent).toFixed(0));
  line(`all outputs, ${Array.isArray(thumbnails) ? thumbnails.length : 0} thumbnails`, middle(({ ours }) => ours).toFixed(0));
  line('of these within Node', middle(({ node }) => node).toFixed(0));
  line('all outputs / pass', share(middle(({ ours, pass }) => ours / pass)));
  line('all outputs / pass without sound', share(middle(({ ours, silent }) => ours / silent)));
}

const skipped = await bench();
if (skipped !== undefined) console.log(`skipped: ${skipped}`);
