import type { SearchField } from '../port.ts';
import { type Declared, howOf } from '../query/declared.ts';
import { noteId } from './document.ts';
import { isAbsent, isConflict } from './failures.ts';
import { mappingOf } from './mapping.ts';
import type { Json, Server } from './server.ts';

/** Nodes that write the same note at once: each round one of them gets through. */
const mostRounds = 50;

/** Where a note lies: the index behind the name at that time, and which writing of it that was. */
export interface Lying {
  _index: string;
  _seq_no: number;
  _primary_term: number;
}

interface Noted<T> extends Lying {
  note: T;
}

/** The index behind a name: what it knows of fields, and what is noted beside its documents. */
export class Place {
  readonly server: Server;
  /** An alias with one index behind it. */
  readonly alias: string;
  readonly declared: Declared;

  constructor(server: Server, alias: string, declared: Declared) {
    this.server = server;
    this.alias = alias;
    this.declared = declared;
  }

  /** The index behind the name, and what tells it from any other that was or will be there. @throws Refusal where there is none */
  async identity(): Promise<{ index: string; uuid: string }> {
    const settings = await this.server.ask<Record<string, { settings: { index: { uuid: string } } }>>(
      'GET',
      `/${this.alias}/_settings/index.uuid`,
    );
    const [index = '', one] = Object.entries(settings)[0] ?? [];
    return { index, uuid: one?.settings.index.uuid ?? '' };
  }

  /** Whether it was made with the k-NN plugin: that is for its life. @throws Refusal where there is none */
  async knn(): Promise<boolean> {
    const settings = await this.server.ask<Record<string, { settings: { index: { knn?: string } } }>>(
      'GET',
      `/${this.alias}/_settings/index.knn`,
    );
    return Object.values(settings)[0]?.settings.index.knn === 'true';
  }

  async note<T>(name: string): Promise<Noted<T> | null> {
    try {
      const { _source, ...at } = await this.server.ask<Lying & { _source: { note: T } }>(
        'GET',
        `/${this.alias}/_doc/${encodeURIComponent(noteId(name))}`,
      );
      return { note: _source.note, ...at };
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  /** @param over the writing that it takes the place of; null where there is to be none. @throws Refusal: a conflict where it is otherwise */
  writeNote(name: string, note: Json, over: Lying | null): Promise<Lying> {
    const guard = over ? { if_seq_no: over._seq_no, if_primary_term: over._primary_term } : { op_type: 'create' };
    return this.server.ask('PUT', `/${this.alias}/_doc/${encodeURIComponent(noteId(name))}`, {
      body: { note },
      query: { require_alias: true, ...guard },
    });
  }

  /** Takes in what fields the index knows from other nodes and earlier times. */
  async learn(): Promise<void> {
    const { fields = [] } = (await this.note<{ fields: SearchField[] }>('fields'))?.note ?? {};
    this.declared.take(fields.filter(({ name }) => !this.declared.fields.has(name)));
  }

  /** Tells the index of all fields this node knows: those it has not, and those it has in another way. */
  async declare(): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      const known = await this.note<{ fields: SearchField[] }>('fields');
      const before = new Map((known?.note.fields ?? []).map((field) => [field.name, field]));
      this.declared.take([...before.values()].filter(({ name }) => !this.declared.fields.has(name)));
      const fields = [...this.declared.fields.values()];
      if (fields.every((field) => JSON.stringify(before.get(field.name)) === JSON.stringify(field))) return;
      const changed = fields.filter((field) => howOf(before.get(field.name)) !== howOf(field));
      // The mapping goes first: what the note says is there, is there.
      if (changed.length > 0)
        await this.server.ask('PUT', `/${this.alias}/_mapping`, { body: mappingOf(changed, { knn: await this.knn() }) });
      try {
        await this.writeNote('fields', { fields }, known);
        return;
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
    throw new Error('the fields of the search index could not be noted: other nodes keep changing them');
  }
}
