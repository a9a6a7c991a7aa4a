/**
 * A name fit to be shown and to be offered for saving: the last part of a path, without control characters, at most 255
 * characters, its extension kept. It is never used as a path.
 */
export function cleanFilename(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  // Control, format and line-separating characters (Unicode Cc, Cf, Zl, Zp) reorder or break what they stand in.
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .normalize('NFC');
  if (plain === '' || /^\.+$/.test(plain)) return 'unnamed';
  if (plain.length <= 255) return plain;
  const [extension = ''] = /\.[^.]{1,16}$/.exec(plain) ?? [];
  return plain.slice(0, 255 - extension.length) + extension;
}
