/** `inline` with the name to save under: plain ASCII for old clients, and whole as RFC 8187 has it (RFC 6266). */
export function inlineAs(filename: string): string {
  const plain = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  if (plain === filename) return `inline; filename="${plain}"`;
  // encodeURIComponent throws on half a surrogate pair, and leaves '()* alone.
  const whole = encodeURIComponent(filename.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `inline; filename="${plain}"; filename*=UTF-8''${whole}`;
}

/** The filename of a `Content-Disposition`, `filename*` before `filename`; bytes that are UTF-8 are read as such, else as Latin-1. */
export function filenameOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, charset = '', encoded] = /;\s*filename\*\s*=\s*([\w-]+)'[^']*'([^\s;]+)/i.exec(header) ?? [];
  if (encoded !== undefined) {
    const decoded = percentDecoded(encoded, charset);
    if (decoded !== undefined) return decoded;
  }
  const [, quoted, token] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(header) ?? [];
  const raw = quoted?.replace(/\\(.)/g, '$1') ?? token;
  return raw === undefined ? undefined : recoded(raw);
}

/** Header values come as Latin-1; what senders write today is UTF-8. */
export function recoded(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

function percentDecoded(value: string, charset: string): string | undefined {
  try {
    return /^utf-8$/i.test(charset)
      ? decodeURIComponent(value)
      : value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  } catch {
    return undefined;
  }
}
