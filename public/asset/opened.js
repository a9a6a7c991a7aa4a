// @ts-check
import { batch, signal } from '@preact/signals';
import { onEvent } from '../events.js';
import { read } from '../server.js';

/** @typedef {import('../types.d.ts').Asset} Asset */
/** @typedef {import('../types.d.ts').AssetTag} AssetTag */
/** @typedef {import('../types.d.ts').Enrichment} Enrichment */
/** @typedef {import('../types.d.ts').Similar} Similar */

/** An asset that is looked at, with all that is known of it, kept as it is on the server. */
export class Opened {
  asset = signal(/** @type {Asset | undefined} */ (undefined));
  tags = signal(/** @type {AssetTag[]} */ ([]));
  ledger = signal(/** @type {Enrichment[]} */ ([]));
  alike = signal(/** @type {Similar[] | undefined} */ (undefined));
  error = signal(/** @type {import('../server.js').ServerError | undefined} */ (undefined));
  /** Whether it has been deleted while it was looked at. */
  gone = signal(false);

  /** @param {string} id */
  constructor(id) {
    this.id = id;
    this.path = `/api/assets/${id}`;
  }

  /** Reads it, and follows what happens to it; gives the function that ends that. */
  open() {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let due;
    void this.read();
    void this.readAlike();
    return onEvent((name, told) => {
      if (name === 'asset.deleted.v1' && told.id === this.id) this.gone.value = true;
      const mine = told.id === this.id || told.assetId === this.id;
      if (!mine && name !== 'reset') return;
      if (name === 'asset.changed.v1' && told.state !== 'processing') void this.readAlike();
      // An asset that is enriched changes many times a second.
      due ??= setTimeout(() => {
        due = undefined;
        void this.read();
      }, 300);
    });
  }

  async read() {
    try {
      const [asset, tags, ledger] = await Promise.all(['', '/tags', '/enrichments'].map((part) => read(this.path + part)));
      batch(() => {
        this.error.value = undefined;
        if (asset.rev >= (this.asset.value?.rev ?? 0)) this.asset.value = asset;
        this.tags.value = tags.items;
        this.ledger.value = ledger.items;
      });
    } catch (error) {
      this.error.value = /** @type {import('../server.js').ServerError} */ (error);
    }
  }

  async readAlike() {
    const { items } = await read(`${this.path}/similar?limit=12`).catch(() => ({ items: [] }));
    this.alike.value = items;
  }
}
