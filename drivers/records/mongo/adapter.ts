import MongoDbAdapter from 'moleculer-db-adapter-mongo';
import type { Collection as MongoCollection, Filter, FindCursor, UpdateFilter } from 'mongodb';

/** A record as MongoDB keeps it. Ids are text, whatever they look like. */
export interface Stored {
  _id: string;
  [key: string]: unknown;
}

export interface Find {
  query: Filter<Stored>;
  sort: string[];
  limit: number;
  offset: number;
}

/** What is taken over as it is. The package's own types are of other answers than it gives. */
interface Inherited {
  collection: MongoCollection<Stored>;
  createCursor(find: Find, counting: false): FindCursor<Stored>;
  findOne(query: Filter<Stored>): Promise<Stored | null>;
  findById(id: string): Promise<Stored | null>;
  findByIds(ids: string[]): Promise<Stored[]>;
  removeMany(query: Filter<Stored>): Promise<number>;
  stringToObjectID(id: string): unknown;
}
const Inherited = MongoDbAdapter as unknown as new (uri: string) => Inherited;

/** The client repeats a write of one record when its connection breaks (`retryWrites`), but never one that may be of many. */
export const isOfOne = ({ _id }: Filter<Stored>): boolean => typeof _id === 'string';

/**
 * moleculer-db's adapter for MongoDB, which was written for the client of 2019, over a collection of today's. What is overridden
 * opens a connection of its own, takes ids of 24 hex digits for ObjectIds, or reads answers that look otherwise now (`ops`, `value`).
 */
export class MongoAdapter extends Inherited {
  readonly #patienceMs: number;

  /** The server is to give up reads that take longer than `patienceMs`, as nobody waits for them any more. */
  constructor(collection: MongoCollection<Stored>, patienceMs: number) {
    super('');
    this.collection = collection;
    this.#patienceMs = patienceMs;
  }

  override stringToObjectID(id: string): string {
    return id;
  }

  find(find: Find): Promise<Stored[]> {
    return this.createCursor(find, false).maxTimeMS(this.#patienceMs).toArray();
  }

  count({ query }: { query: Filter<Stored> }): Promise<number> {
    return this.collection.countDocuments(query, { maxTimeMS: this.#patienceMs });
  }

  async insert(entity: Stored): Promise<Stored> {
    await this.collection.insertOne(entity);
    return entity;
  }

  /** In order, and none after the first that fails. */
  async insertMany(entities: Stored[]): Promise<Stored[]> {
    await this.collection.insertMany(entities);
    return entities;
  }

  /** Answers how many fitted, whether or not that changed them. */
  async updateMany(query: Filter<Stored>, update: UpdateFilter<Stored>): Promise<number> {
    const { collection } = this;
    const { matchedCount } = await (isOfOne(query) ? collection.updateOne(query, update) : collection.updateMany(query, update));
    return matchedCount;
  }

  override async removeMany(query: Filter<Stored>): Promise<number> {
    const { collection } = this;
    const { deletedCount } = await (isOfOne(query) ? collection.deleteOne(query) : collection.deleteMany(query));
    return deletedCount;
  }

  /** Answers the record as it is afterwards. */
  updateOne(query: Filter<Stored>, update: UpdateFilter<Stored>): Promise<Stored | null> {
    return this.collection.findOneAndUpdate(query, update, { returnDocument: 'after' });
  }

  /** Answers how many fitted: the server counts them together. */
  async updateEach(updates: readonly { filter: Filter<Stored>; update: UpdateFilter<Stored> }[]): Promise<number> {
    const { matchedCount } = await this.collection.bulkWrite(updates.map((updateOne) => ({ updateOne })));
    return matchedCount;
  }

  removeById(id: string): Promise<Stored | null> {
    return this.collection.findOneAndDelete({ _id: id });
  }
}
