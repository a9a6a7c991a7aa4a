/** What the server answers, as its contracts have it. Types alone: the page loads nothing from outside its folder but libraries. */
export type { Asset, AssetTag, Variant } from '../services/contracts/asset.ts';
export type { Enrichment } from '../services/contracts/enrichment.ts';
export type { MeshNode } from '../services/contracts/nodes.ts';
export type { EnricherInfo, Work } from '../services/contracts/pipeline.ts';
export type { SearchPage, Similar } from '../services/contracts/search.ts';
export type { Suggestion } from '../services/contracts/tags.ts';
export type { ManifestField } from '../plugins/sdk/manifest.ts';
