import { barOf, type Screen } from './bar.ts';
import { size, span } from './words.ts';

export interface FilesDisplay extends Disposable {
  total(files: number): void;
  /** A file more is done with, of so many bytes. */
  done(bytes: number): void;
}

/** One bar: files of how many, bytes, the time left. Where there is no terminal, a line every few seconds. */
export function filesDisplay(stream: Screen, what: string): FilesDisplay {
  const began = Date.now();
  const seen = { files: 0, bytes: 0, total: 0 };
  const bar = barOf(stream, `{bar} {value}/{total} files ${what} · {bytes} · {left} left`);
  bar.start(0, 0, { bytes: size(0), left: '–' });
  return {
    total(files) {
      seen.total = files;
      bar.setTotal(files);
    },
    done(bytes) {
      seen.files += 1;
      seen.bytes += bytes;
      const each = (Date.now() - began) / 1000 / seen.files;
      const left = seen.total > seen.files ? span(each * (seen.total - seen.files)) : '–';
      bar.setTotal(Math.max(seen.total, seen.files));
      bar.update(seen.files, { bytes: size(seen.bytes), left });
    },
    [Symbol.dispose]: () => bar.stop(),
  };
}
