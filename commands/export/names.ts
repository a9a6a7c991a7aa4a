import { basename, extname } from 'node:path';

/** The longest name that every file system takes, in bytes, with room for a number. */
const longest = 240;

/** A name that a folder can have: the file's own, in one part and not hidden. */
function plain(filename: string): string {
  const name = basename(filename.replaceAll('\\', '/'))
    .replaceAll(/[\p{Cc}<>:"|?*/]/gu, '_')
    .replace(/^\.+/, '_');
  const end = extname(name).slice(0, 20);
  let stem = name.slice(0, name.length - extname(name).length) || 'file';
  while (Buffer.byteLength(stem + end) > longest) stem = stem.slice(0, -1);
  return stem + end;
}

/** Gives each file its own name, and those of one name numbers: `sea.jpg`, `sea (2).jpg`. Capitals make no difference, as on some drives. */
export function uniqueNames(taken: readonly string[]): (filename: string) => string {
  const names = new Set(taken.map((name) => name.toLowerCase()));
  return (filename) => {
    const name = plain(filename);
    const end = extname(name);
    const stem = name.slice(0, name.length - end.length);
    let unique = name;
    for (let count = 2; names.has(unique.toLowerCase()); count += 1) unique = `${stem} (${count})${end}`;
    names.add(unique.toLowerCase());
    return unique;
  };
}
