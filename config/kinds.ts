import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

/** How a variable's text becomes a value. `says` ends the sentence "it has to be …". */
export interface Kind<T> {
  readonly says: string;
  readonly schema: z.ZodType<T, string>;
}

const kind = <T>(says: string, schema: z.ZodType<T, string>): Kind<T> => ({ says, schema });
const digits = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const items = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
const grouped = new Intl.NumberFormat('en-GB');

interface Range {
  min: number;
  max: number;
}
const inWords = ({ min, max }: Range): string => `from ${grouped.format(min)} to ${grouped.format(max)}`;

export const integer = (range: Range): Kind<number> =>
  kind(`a whole number ${inWords(range)}`, digits.pipe(z.number().min(range.min).max(range.max)));

/** Not empty, each within the range; in the order given. */
export const integers = (range: Range): Kind<readonly number[]> =>
  kind(
    `a list of whole numbers ${inWords(range)}, parted by commas`,
    z
      .string()
      .transform(items)
      .pipe(z.array(digits.pipe(z.number().min(range.min).max(range.max))).min(1)),
  );

const steps: Record<string, number> = { '': 0, k: 1, m: 2, g: 3, t: 4 };
const Size = /^(\d{1,15}(?:\.\d{1,6})?) ?(?:([kmgt]?)(i?)b)?$/i;

/** Bytes: a plain number, or one with a unit of thousands (8MB) or of 1,024s (8MiB). */
export const bytes = ({ min }: { min: number }): Kind<number> =>
  kind(
    `a size such as 8388608, 8MB or 2GiB, at least ${grouped.format(min)}`,
    z
      .string()
      .regex(Size)
      .transform((text) => {
        const [, amount = '', unit = '', binary = ''] = Size.exec(text) ?? [];
        return Math.floor(Number(amount) * (binary ? 1024 : 1000) ** (steps[unit.toLowerCase()] ?? 0));
      })
      .pipe(z.int().min(min)),
  );

export const oneOf = <const V extends readonly [string, ...string[]]>(...values: V): Kind<V[number]> =>
  kind(values.length === 1 ? values[0] : `one of ${values.join(', ')}`, z.string().pipe(z.enum(values)));

/** A file or folder; a relative one is seen from the working directory. Gives the absolute path. */
export const path = (what: 'file' | 'folder'): Kind<string> =>
  kind(
    `the path of a ${what}`,
    z.string().transform((text) => resolve(text)),
  );

/** The same, where none may be given: then undefined. */
export const optionalPath: Kind<string | undefined> = kind(
  'the path of a file or folder that is there',
  z
    .string()
    .transform((text) => (text === '' ? undefined : resolve(text)))
    .refine((found) => found === undefined || existsSync(found)),
);

export const host: Kind<string> = kind(
  'an IP address or the name of a host',
  z
    .string()
    .toLowerCase()
    .regex(/^([a-z0-9]([a-z0-9.-]{0,252})|[0-9a-f:.]{2,45})$/),
);

/** Names of hosts; none where nothing is written. */
export const hosts: Kind<readonly string[]> = kind(
  'a list of names of hosts, parted by commas',
  z
    .string()
    .toLowerCase()
    .transform(items)
    .pipe(z.array(z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}$/))),
);

/** IP addresses, and networks of them (`10.0.0.0/8`). */
export const addresses: Kind<readonly string[]> = kind(
  'a list of IP addresses or networks such as 10.0.0.0/8, parted by commas',
  z
    .string()
    .transform(items)
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))),
);

/** Keys that clients send in a header: printable ASCII, so that any of them can. */
export const keys = ({ min }: { min: number }): Kind<readonly string[]> =>
  kind(
    `keys of at least ${String(min)} printable characters each, without spaces, parted by commas`,
    z
      .string()
      .transform(items)
      .pipe(
        z.array(
          z
            .string()
            .min(min)
            .regex(/^[\x21-\x7e]+$/),
        ),
      ),
  );

/** Nothing written is nothing: undefined. */
export const optional = <T>({ says, schema }: Kind<T>): Kind<T | undefined> =>
  kind(says, z.union([z.literal('').transform(() => undefined), schema]));

/** Text without spaces or control characters. */
export const text: Kind<string> = kind('printable characters without spaces', z.string().regex(/^[\x21-\x7e]{1,1000}$/));

/** A name that every server takes: lower-case letters, digits and hyphens between them. */
export const name: Kind<string> = kind(
  'a name of up to 63 lower-case letters, digits and hyphens between them',
  z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
);

/** Names parted by commas; where they are known, of those. */
export const names = (known?: readonly string[]): Kind<readonly string[]> =>
  kind(
    known ? `a list of ${known.join(', ')}, parted by commas` : 'a list of names, parted by commas',
    z
      .string()
      .transform(items)
      .pipe(z.array(known ? z.enum(known) : z.string().regex(/^[a-z0-9-]{1,64}$/)).min(1)),
  );

/** An address of a server with one of these protocols. `several`: more hosts may follow after commas, as MongoDB and NATS take them. */
export const url = (protocols: readonly string[], { several = false } = {}): Kind<string> => {
  const begins = protocols.map((protocol) => `${protocol}://`);
  const isAddress = (part: string): boolean => {
    const parsed = URL.parse(part);
    return parsed !== null && begins.includes(`${parsed.protocol}//`) && parsed.hostname !== '';
  };
  return kind(
    `an address that begins with ${begins.join(' or ')}${several ? ', more of them parted by commas' : ''}`,
    z.string().refine((written) => {
      const [first = '', ...others] = several ? written.split(',').map((part) => part.trim()) : [written];
      return [first, ...others.map((part) => (part.includes('://') ? part : `${begins[0]}${part}`))].every(isAddress);
    }),
  );
};
