import type { Storyboard } from './files.ts';

/** `01:02:03.004`, as WebVTT writes time (W3C WebVTT, section 4.5). */
function timestamp(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}

/**
 * Cues that say which part of the sheet to show for each time, from 0 to the end without a gap; each part is told by a media
 * fragment (W3C Media Fragments 1.0, `xywh`) of a URL relative to the cues' own.
 */
export function storyboardVtt(tiles: Storyboard['tiles'], durationMs: number, sheet: string): Buffer {
  const starts = tiles.map(({ atMs }, i) => (i === 0 ? 0 : Math.round(atMs)));
  const cues = tiles.map(({ x, y, width, height }, i) => {
    const from = starts[i]!;
    const to = starts[i + 1] ?? Math.max(durationMs, from + 1);
    return `${timestamp(from)} --> ${timestamp(to)}\n${sheet}#xywh=${x},${y},${width},${height}\n`;
  });
  return Buffer.from(`WEBVTT\n\n${cues.join('\n')}`);
}
