import type { Collection, Records } from '../../drivers/records/port.ts';
import type { TagRow } from '../contracts/tags.ts';

/** A name of the catalogue as it is kept. */
export interface TagRecord extends TagRow {
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Set by the change after which the assets that have the tag are to be indexed anew, until they are. */
  due?: string;
}
export type TagRecords = Records<TagRecord>;

/** By key (mixins/tag-names.ts): no two names of the same key, whoever enters them at the same time. */
export const catalogue: Collection = { name: 'tags', hot: { due: 'text' }, indexes: [['due']] };

export const toRow = ({ id, name, into, parent, made, was }: TagRecord): TagRow => ({
  id,
  name,
  ...(into !== undefined && { into }),
  ...(parent !== undefined && { parent }),
  ...(made !== undefined && { made }),
  ...(was !== undefined && { was }),
});
