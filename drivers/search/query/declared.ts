import { SearchError, type SearchField, type SearchFieldKind } from '../port.ts';

/** Which of the three columns of the full-text table a text field goes to, by its weight: 3 and up, 2 and up, below. */
export const weightClasses = ['title', 'tags', 'body'] as const;
export type WeightClass = (typeof weightClasses)[number];

/** Fields whose words are searched: text, and keywords that were given a weight. */
export const isText = (field: SearchField): boolean =>
  field.kind === 'text' || (field.kind === 'keyword' && field.weight !== undefined);

/** Kinds that are near or far rather than equal. */
const isLiked = (kind: SearchFieldKind): boolean => kind === 'colors' || kind === 'vector' || kind === 'bits';

/** Fields that need a column in memory beside or instead of their words. */
export const isColumnar = ({ kind, filter, facet, sort }: SearchField): boolean =>
  isLiked(kind) || [filter, facet, sort].includes(true);

export function classOf({ weight = 1 }: SearchField): WeightClass {
  return weight >= 3 ? 'title' : weight >= 2 ? 'tags' : 'body';
}

/** In which way a field is searched: what is the same is filed the same. */
export const howOf = (field: SearchField | undefined): string =>
  field === undefined
    ? ''
    : [
        isText(field) ? classOf(field) : '-',
        isColumnar(field) ? [field.kind, field.many ?? false, field.length ?? 0] : '-',
      ].join();

/** The fields that are known: all that were ever declared, each as it was declared last. */
export class Declared {
  readonly fields = new Map<string, SearchField>();

  constructor(fields: readonly SearchField[] = []) {
    for (const field of fields) this.fields.set(field.name, field);
  }

  /**
   * Takes declarations in. Answers which fields need a new column, and which have to be taken out of stored documents and filed
   * again because they are searched in another way than they were.
   */
  take(fields: readonly SearchField[]): { columns: SearchField[]; refile: string[] } {
    const columns: SearchField[] = [];
    const refile: string[] = [];
    for (const field of fields) {
      const before = this.fields.get(field.name);
      this.fields.set(field.name, field);
      if (howOf(before) === howOf(field)) continue;
      if (isColumnar(field)) columns.push(field);
      if (isText(field) || (before && isText(before))) refile.push(field.name);
    }
    return { columns, refile };
  }

  /** @throws SearchError search.field-unknown */
  of(name: string, use: 'filter' | 'facet' | 'sort'): SearchField {
    const field = this.fields.get(name);
    if (!field?.[use] || isLiked(field.kind) || (use === 'sort' && field.many)) {
      const known = [...this.fields.values()].filter((other) => other[use]).map((other) => other.name);
      throw new SearchError(
        'search.field-unknown',
        `there is no field ${name} to ${use} by; there are: ${known.join(', ') || 'none'}`,
      );
    }
    return field;
  }

  /** @throws SearchError search.field-unknown */
  expectLikeness(name: string): void {
    this.expect(name, this.fields.get(name)?.kind === 'bits' ? 'bits' : 'vector');
  }

  /** @throws SearchError search.field-unknown */
  expect(name: string, kind: SearchFieldKind): void {
    if (this.fields.get(name)?.kind === kind) return;
    throw new SearchError('search.field-unknown', `there is no field ${name} of the kind ${kind}; configure() declares fields`);
  }
}
