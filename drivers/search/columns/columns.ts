import type { SearchField } from '../port.ts';
import { BitsColumn } from './bits.ts';
import { CodedColumn } from './coded.ts';
import { ColourColumn } from './colours.ts';
import type { Column } from './column.ts';
import { NumberColumn } from './numbers.ts';
import { VectorColumn } from './vectors.ts';

/** The column a field needs, or none: text that is only searched, and what is never filtered, counted or sorted. */
export function columnFor(field: SearchField): Column | null {
  if (field.kind === 'colors') return new ColourColumn();
  if (field.kind === 'vector') return new VectorColumn(field.length ?? 0);
  if (field.kind === 'bits') return new BitsColumn(field.length ?? 0);
  if (!field.filter && !field.facet && !field.sort) return null;
  switch (field.kind) {
    case 'integer':
    case 'float':
    case 'date':
      // Few values are counted faster by their codes.
      return field.many || field.facet ? new CodedColumn('number', field.many ?? false) : new NumberColumn();
    case 'boolean':
      return new CodedColumn('boolean', field.many ?? false);
    case 'keyword':
    case 'text':
      return new CodedColumn('string', field.many ?? false);
  }
}
