import { askJson, blobUrl, hasKey } from './server.js';

/** In CSS pixels, as page.css has it. */
const rowHeight = 208;
const scalars = ['text', 'keyword', 'integer', 'float', 'boolean', 'date', 'color'];

/** Shapes beyond these are cut at the edges, so that a row stays a row. */
const ratioOf = ({ width, height }) => Math.min(2.6, Math.max(0.75, width / height));

/** Derived files that show the whole picture, smallest first. */
const sizesOf = ({ variants }, type) =>
  variants.filter((file) => file.still && file.type === type).sort((a, b) => a.width - b.width);

const srcset = (files) => files.map(({ url, width }) => `${url} ${width}w`).join(', ');

/** Where a key is needed, pictures are fetched: once they are near, in the smallest size that will do. */
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      void loadWithKey(target);
    }
  },
  { rootMargin: '400px' },
);
const wanted = new WeakMap();

async function loadWithKey(img) {
  const { files, other } = wanted.get(img);
  const file = files.find(({ width }) => width >= img.clientWidth * window.devicePixelRatio) ?? files.at(-1);
  const url = await blobUrl(file?.url ?? other).catch(() => '');
  img.onload = img.onerror = () => URL.revokeObjectURL(url);
  img.src = url;
}

function showPicture(card, asset) {
  const img = card.querySelector('img');
  img.alt = asset.description || asset.title || asset.filename;
  const [webp, jpeg] = ['image/webp', 'image/jpeg'].map((type) => sizesOf(asset, type));
  // A picture shows at once, in a size made on demand; a video once it has a poster.
  const other = jpeg[0]?.url ?? (asset.type.startsWith('image/') ? `/media/${asset.id}?w=320` : '');
  const shown = srcset(webp) + other;
  if (card.dataset.shown === shown) return;
  card.dataset.shown = shown;
  if (hasKey()) {
    wanted.set(img, { files: webp.length > 0 ? webp : jpeg, other });
    near.observe(img);
    return;
  }
  const sizes = `min(94vw, ${Math.round(ratioOf(asset) * rowHeight * 1.3)}px)`;
  Object.assign(card.querySelector('source'), { sizes, srcset: srcset(webp) });
  Object.assign(img, { sizes, srcset: srcset(jpeg), src: other });
}

function showPalette(card, palette, onColor) {
  const swatches = palette.map(({ hex, weight }) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.title = `${hex}, ${Math.round(weight * 100)} %`;
    button.ariaLabel = `Pictures with the colour ${hex}`;
    button.style.setProperty('--hue', hex);
    button.style.setProperty('--share', weight);
    button.onclick = () => onColor(hex);
    return button;
  });
  card.querySelector('.palette').replaceChildren(...swatches);
  card.style.setProperty('--hue', palette[0]?.hex ?? 'var(--line)');
}

let manifests;

/** What enrichers say of the asset in words and numbers, called as their manifests call it. */
async function showDetails(card, { type, bytes, tags = [], enrichments }) {
  const rows = [
    ['Kind', `${type}, ${(bytes / 1e6).toFixed(1)} MB`],
    ['Tags', tags.join(', ') || '–'],
  ];
  manifests ??= await askJson('/api/enrichers').catch(() => undefined);
  for (const { name, outputs } of manifests?.items ?? []) {
    for (const [output, { kind, title, unit = '', words = true }] of Object.entries(outputs)) {
      const value = enrichments[name]?.[output];
      if (scalars.includes(kind) && words && value != null) rows.push([title, `${[value].flat().join(', ')} ${unit}`]);
    }
  }
  const cells = rows.flatMap(([term, value]) => [
    ['dt', term],
    ['dd', value],
  ]);
  const list = cells.map(([tag, textContent]) => Object.assign(document.createElement(tag), { textContent }));
  card.querySelector('dl').replaceChildren(...list);
}

export const newCard = () => document.querySelector('#card').content.firstElementChild.cloneNode(true);

/** Shows an asset on its card; on a card that shows it already, only what changed. */
export function showCard(card, asset, onColor) {
  const { id, rev, title, filename, width, height, state, enrichments } = asset;
  if (card.dataset.rev === String(rev)) return;
  const part = (selector) => card.querySelector(selector);
  card.dataset.rev = rev;
  card.className = state;
  card.style.setProperty('--ratio', ratioOf(asset).toFixed(3));
  part('.picture').href = `/media/${id}`;
  part('.record').href = `/api/assets/${id}`;
  part('h2').textContent = part('h2').title = title || filename;
  part('.size').textContent = `${width} × ${height}`;
  part('.state').textContent = state === 'ready' ? '' : state;
  showPicture(card, asset);
  showPalette(card, enrichments.palette?.palette ?? [], onColor);
  const details = part('details');
  details.ontoggle = () => details.open && void showDetails(card, asset);
  details.ontoggle();
}
