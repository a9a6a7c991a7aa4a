// @ts-check
import { computed, signal } from '@preact/signals';
import { read } from './server.js';

/** @typedef {import('./types.d.ts').EnricherInfo} EnricherInfo */
/** @typedef {import('./types.d.ts').ManifestField} ManifestField */

/** The enrichers with their manifests, which say what assets have besides what every file has: the page follows from them. */
export const enrichers = signal(/** @type {EnricherInfo[]} */ ([]));

export async function refreshEnrichers() {
  const { items } = await read('/api/enrichers');
  // The same declarations are the same object for whoever draws by them.
  if (JSON.stringify(items) !== JSON.stringify(enrichers.peek())) enrichers.value = items;
}

/**
 * Something that searches can narrow, count or sort by.
 * @typedef {Pick<ManifestField, 'kind' | 'title' | 'unit' | 'description' | 'filter' | 'facet' | 'sort' | 'schema'> & { name: string }} Field
 * @typedef {{ title: string, fields: Field[] }} Group
 */

/** @param {string} name @param {string} title @param {Partial<Field>} [more] @returns {Field} */
const own = (name, title, more = {}) => ({
  name,
  title,
  kind: 'integer',
  filter: true,
  facet: false,
  sort: true,
  schema: {},
  ...more,
});
const choice = { kind: /** @type {const} */ ('keyword'), facet: true, sort: false };

/** What every asset has, whatever enrichers there are. */
const ofFiles = {
  title: 'File',
  fields: [
    own('tags', 'Tags', choice),
    own('type', 'Kind', choice),
    own('orientation', 'Shape', choice),
    own('state', 'State', choice),
    own('rating', 'Your rating', { facet: true, unit: 'stars', schema: { minimum: 0, maximum: 5 } }),
    own('width', 'Width', { unit: 'px' }),
    own('height', 'Height', { unit: 'px' }),
    own('bytes', 'Size', { unit: 'bytes' }),
    own('durationMs', 'Length', { unit: 'ms', filter: false }),
    own('createdAt', 'Added', { kind: 'date' }),
  ],
};

export const groups = computed(() => [
  ofFiles,
  ...enrichers.value.map(({ name, title, outputs }) => ({
    title,
    fields: Object.entries(outputs)
      // Those that are tags stand among the tags.
      .filter(([, field]) => !field.tags)
      .map(([output, field]) => ({ ...field, name: `${name}.${output}` })),
  })),
]);

/** @type {import('@preact/signals').ReadonlySignal<Map<string, Field>>} */
export const fields = computed(() => new Map(groups.value.flatMap((group) => group.fields.map((field) => [field.name, field]))));

/** Between what a number can be, where its schema says both. @param {Pick<Field, 'schema'>} field */
export function bounds({ schema }) {
  const { minimum, maximum } = schema;
  return typeof minimum === 'number' && typeof maximum === 'number' && maximum - minimum < 1e6
    ? { min: minimum, max: maximum }
    : undefined;
}

const kinds = ['integer', 'float', 'date'];
/** Narrowed by from and to. @param {Field} field */
export const isRange = (field) => field.filter && !field.facet && kinds.includes(field.kind);

/** What people call an enricher. @param {string} name @returns {string} */
export const titleOf = (name) => enrichers.value.find((one) => one.name === name)?.title ?? name;
