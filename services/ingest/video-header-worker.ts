/** The thread that reads one video's header: MediaInfo in WebAssembly, which can neither reach other files nor crash the process. */
import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { type GeneralTrack, mediaInfoFactory, type MediaInfoResult, type VideoTrack } from 'mediainfo.js';
import type { VideoHeader } from './video-header.ts';

/** Upright and in square pixels, as players show it. */
function shownOf({ media }: MediaInfoResult): VideoHeader | null {
  const track = media?.track.find((one): one is VideoTrack => one['@type'] === 'Video');
  const general = media?.track.find((one): one is GeneralTrack => one['@type'] === 'General');
  if (!track) return null;
  const { Width: width = 0, Height: height = 0, PixelAspectRatio: ratio = 1 } = track;
  if (!(width > 0 && height > 0 && ratio > 0)) return null;
  const wide = Math.max(1, Math.round(width * ratio));
  const sideways = Math.round(Number(track.Rotation ?? 0) / 90) % 2 !== 0;
  const seconds = track.Duration ?? general?.Duration;
  return {
    width: sideways ? height : wide,
    height: sideways ? wide : height,
    ...(seconds !== undefined && Number.isFinite(seconds) && { durationMs: Math.round(seconds * 1000) }),
  };
}

async function headerOf(path: string): Promise<VideoHeader | null> {
  const info = await mediaInfoFactory({ format: 'object' });
  await using file = await open(path);
  const { size } = await file.stat();
  const read = async (length: number, position: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, position);
    return bytes.subarray(0, bytesRead);
  };
  // What it cannot parse has no video in it that others could.
  const result = await info.analyzeData(size, read).catch(() => null);
  return result && shownOf(result);
}

parentPort?.postMessage(await headerOf(workerData as string));
