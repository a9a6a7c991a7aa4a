export { bitsApart } from './bits.ts';
export { accepts, checkOutputs, defineEnricher, manifestOf } from './define.ts';
export type {
  EnrichContext,
  Enricher,
  EnricherAsset,
  EnricherDefinition,
  EnricherHost,
  PutOptions,
  RawPixels,
  RunPolicy,
  SetupContext,
  Still,
} from './enricher.ts';
export { PermanentError, TransientError } from './errors.ts';
export { BlobRef, field, Hex, PaletteColor } from './fields.ts';
export type { Field, FieldKind, FieldOptions, OutputFields, Result } from './fields.ts';
export { stillEdges } from './still-edges.ts';
export { Manifest, ManifestField } from './manifest.ts';
