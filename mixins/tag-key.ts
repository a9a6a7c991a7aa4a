import { tagLimits } from '../services/contracts/tag-limits.ts';

const isAscii = (name: string): boolean => /^[ -~]*$/.test(name);

/** Names with the same key are one tag: large and small letters do not matter (Unicode NFC; ß as ss). */
export const tagKey = (name: string): string =>
  isAscii(name) ? name.toLowerCase() : name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');

/** As tagKey, and without accents: what is typed is found however it is written (Unicode NFKD, marks off). */
export const foldTag = (name: string): string =>
  isAscii(name) ? name.toLowerCase() : tagKey(name).normalize('NFKD').replaceAll(/\p{M}/gu, '');

/** What an enricher calls a tag, made fit to be one: commas and a leading - mean something to searches. Nothing where nothing is left. */
export function cleanTag(name: string): string | undefined {
  const clean = name
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[,\s\p{Cc}]+/gu, ' ')
    .replace(/^[-\s]+/, '')
    .slice(0, tagLimits.name)
    .toWellFormed()
    .trim();
  return clean === '' ? undefined : clean;
}
