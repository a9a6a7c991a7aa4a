// @ts-check
import { html } from 'htm/preact';
import { hrefOf } from '../address.js';
import { enrichers } from '../enrichers.js';

/** The colours of a picture by their share of it; each leads to more of that colour. @param {{ asset: import('../types.d.ts').Asset }} props */
export function Palette({ asset }) {
  const palette = colorsOf(asset);
  if (palette.length === 0) return null;
  return html`<section aria-label="Colours">
    <h2>Colours</h2>
    <div class="palette">
      ${palette.map(({ hex, weight }) => {
        const share = `${Math.round(weight * 100)} %`;
        const props = {
          href: hrefOf('/', { colors: hex }),
          title: `${hex}, ${share} of it. Show more of this colour`,
          'aria-label': `More of the colour ${hex}`,
        };
        return html`<a key=${hex} ...${props} style=${{ flexGrow: weight, backgroundColor: hex }}></a>`;
      })}
    </div>
  </section>`;
}

/** Of the first enricher that gives colours. @param {import('../types.d.ts').Asset} asset @returns {{ hex: string, weight: number }[]} */
function colorsOf({ enrichments }) {
  for (const { name, outputs } of enrichers.value)
    for (const [output, { kind }] of Object.entries(outputs)) {
      const value = enrichments[name]?.[output];
      if (kind === 'colors' && Array.isArray(value)) return value;
    }
  return [];
}
