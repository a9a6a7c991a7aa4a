// @ts-check
import { html } from 'htm/preact';
import { hrefOf } from '../address.js';
import { bounds, enrichers } from '../enrichers.js';
import { aligned, moment, number, took } from '../words.js';

/** @typedef {import('../types.d.ts').Asset} Asset */
/** @typedef {import('../types.d.ts').ManifestField} ManifestField */
/** @typedef {ManifestField & { name: string, value: unknown }} Valued */

const shownKinds = ['text', 'keyword', 'integer', 'float', 'boolean', 'date', 'color'];

/** What an enricher found that people can read: not its tags, which stand among the tags, nor what only machines compare. */
const readable = (/** @type {ManifestField} */ { kind, many, tags, filter, words }) =>
  shownKinds.includes(kind) && !tags && (filter || (kind === 'text' && words !== false)) && !(many && kind === 'float');

/** @param {import('../types.d.ts').EnricherInfo} enricher @param {Asset} asset @returns {Valued[]} */
function valuesOf({ name, outputs }, asset) {
  const found = asset.enrichments[name];
  const fields = Object.entries(outputs);
  // Where the colours themselves are shown, the chief one is among them.
  const hasColors = fields.some(([, { kind }]) => kind === 'colors');
  return fields.flatMap(([output, field]) => {
    const value = found?.[output];
    const shown = readable(field) && value != null && !(hasColors && field.kind === 'color');
    return shown ? [{ ...field, name: `${name}.${output}`, value }] : [];
  });
}

/** @param {import('../types.d.ts').EnricherInfo} enricher */
const givesTags = ({ outputs }) => Object.values(outputs).some(({ tags }) => tags);

/** What enrichers that give tags say besides. @param {{ asset: Asset }} props */
export function BesideTags({ asset }) {
  const rows = enrichers.value.filter(givesTags).flatMap((enricher) => valuesOf(enricher, asset));
  return rows.length > 0 ? html`<${Rows} rows=${rows} />` : null;
}

/**
 * What the other enrichers say of an asset in words and numbers, each under its own title as its manifest has it. Where one gives several
 * numbers between known bounds, the first is shown as the whole and the others as its parts.
 * @param {{ asset: Asset }} props
 */
export function Values({ asset }) {
  return enrichers.value.map((enricher) => {
    const values = givesTags(enricher) ? [] : valuesOf(enricher, asset);
    if (values.length === 0) return null;
    const { name, title, description } = enricher;
    const measured = values.filter((one) => bounds(one) && typeof one.value === 'number');
    const [score, ...parts] = measured.length >= 3 ? measured : [];
    const rows = values.filter((one) => one !== score && !parts.includes(one));
    return html`<section key=${name} aria-label=${title}>
      <h2 title=${description}>${title}</h2>
      ${score && html`<${Score} score=${score} parts=${parts} />`}
      ${rows.length > 0 && html`<${Rows} rows=${rows} />`}
    </section>`;
  });
}

/** @param {{ rows: Valued[] }} props */
const Rows = ({ rows }) => html`<dl class="values">${rows.map((row) => html`<${Row} key=${row.name} row=${row} />`)}</dl>`;

/** @param {{ score: Valued, parts: Valued[] }} props */
function Score({ score, parts }) {
  return html`<div class="score">
    <p class="score-whole" title=${score.description}>
      <b>${number(Math.round(Number(score.value)))}</b><span class="soft">of ${number(bounds(score)?.max ?? 1)}</span>
    </p>
    <dl class="score-parts">
      ${parts.map((part) => {
        const { min, max } = bounds(part) ?? { min: 0, max: 1 };
        return html`<div key=${part.name} title=${part.description}>
          <dt>${part.title}</dt>
          <dd>
            <meter min=${min} max=${max} value=${Number(part.value)} aria-label=${part.title}></meter
            ><span>${aligned(Number(part.value), max)}</span>
          </dd>
        </div>`;
      })}
    </dl>
  </div>`;
}

/** @param {{ row: Valued }} props */
function Row({ row }) {
  const list = Array.isArray(row.value) ? row.value : [row.value];
  return html`<div>
    <dt title=${row.description}>${row.title}</dt>
    <dd>${list.map((value, index) => html`${index > 0 && ', '}<${Value} row=${row} value=${value} />`)}</dd>
  </div>`;
}

/** @param {{ row: Valued, value: unknown }} props */
function Value({ row, value }) {
  const { kind, unit, name, filter } = row;
  if (kind === 'color')
    return html`<a class="color" href=${hrefOf('/', { colors: String(value) })}
      ><span class="dot" style=${{ backgroundColor: String(value) }}></span>${String(value)}</a
    >`;
  if (kind === 'boolean') return value ? 'Yes' : 'No';
  if (kind === 'date') return moment(String(value));
  if (typeof value === 'number') return quantity(value, unit);
  const text = String(value);
  return kind === 'keyword' && filter && !text.includes(',') ? html`<a href=${hrefOf('/', { [name]: text })}>${text}</a>` : text;
}

/** @param {number} value @param {string | undefined} unit */
function quantity(value, unit) {
  if (unit === 'ms') return took(value);
  // As cameras write it.
  if (unit === 's' && value > 0 && value < 0.4) return `1/${number(Math.round(1 / value))} s`;
  return unit ? `${number(value)}${unit === '°' ? '' : ' '}${unit}` : number(value);
}
