import { ServiceBroker, type ServiceSchema } from 'moleculer';
import DbService from 'moleculer-db';
import { ulid } from 'ulid';
import type { SqliteRecords } from './adapter.ts';
import { openSqliteRecords, type SqliteRecordStore } from './open.ts';

/** Moleculer's types know nothing of an adapter, and moleculer-db's call a class what is the schema of a mixin. */
interface BooksSchema extends ServiceSchema<{ idField: string }> {
  adapter: SqliteRecords<Book>;
}
const mixin = DbService as unknown as ServiceSchema;

interface Book {
  id: string;
  title: string;
  year: number;
}

let store: SqliteRecordStore;
let broker: ServiceBroker;
beforeEach(async () => {
  store = await openSqliteRecords({ file: ':memory:' });
  broker = new ServiceBroker({ nodeID: `records-${ulid()}`, logger: false, transporter: null });
  const books: BooksSchema = {
    name: 'books',
    mixins: [mixin],
    settings: { idField: 'id' },
    adapter: store.collection<Book>({
      name: 'books',
      hot: { title: 'text', year: 'number' },
      indexes: [['year']],
      unique: ['title'],
    }),
  };
  broker.createService(books);
  await broker.start();
});
afterEach(async () => {
  await broker.stop();
  await store.close();
});

const create = (id: string, title: string, year: number): Promise<Book> => broker.call('books.create', { id, title, year });

describe('the adapter under moleculer-db', () => {
  it('creates, gets, updates and removes', async () => {
    const book = { id: 'a', title: 'Barns', year: 1990 };
    expect(await create('a', 'Barns', 1990)).toEqual(book);
    expect(await broker.call('books.get', { id: 'a' })).toEqual(book);
    expect(await broker.call('books.update', { id: 'a', year: 1991 })).toEqual({ ...book, year: 1991 });
    expect(await broker.call('books.remove', { id: 'a' })).toEqual({ ...book, year: 1991 });
    await expect(broker.call('books.get', { id: 'a' })).rejects.toMatchObject({ code: 404 });
    await expect(broker.call('books.update', { id: 'a', year: 1 })).rejects.toMatchObject({ code: 404 });
    await expect(broker.call('books.remove', { id: 'a' })).rejects.toMatchObject({ code: 404 });
  });

  it('inserts many, and refuses doubles with the port’s code', async () => {
    const entities = [1, 2, 3].map((n) => ({ id: `n${n}`, title: `Book ${n}`, year: 2000 + n }));
    expect(await broker.call('books.insert', { entities })).toEqual(entities);
    await expect(create('x', 'Book 2', 1)).rejects.toMatchObject({ code: 'records.duplicate' });
    expect(await broker.call('books.get', { id: ['n1', 'n3'], mapping: true })).toEqual({ n1: entities[0], n3: entities[2] });
  });

  it('finds, counts and lists pages', async () => {
    for (let n = 0; n < 5; n += 1) await create(`n${n}`, `Book ${n}`, 2000 - n);
    const query = { year: { $gte: 1997 } };
    const found: Book[] = await broker.call('books.find', { query, sort: 'year', limit: 2, offset: 1 });
    expect(found.map(({ id }) => id)).toEqual(['n2', 'n1']);
    expect(await broker.call('books.count', { query })).toBe(4);
    const page = await broker.call('books.list', { query, sort: '-year', page: 2, pageSize: 3 });
    expect(page).toMatchObject({ rows: [{ id: 'n3' }], total: 4, page: 2, totalPages: 2 });
    await expect(broker.call('books.find', { search: 'Book' })).rejects.toMatchObject({ code: 'records.query-invalid' });
  });

  it('leaves the store open when its service stops', async () => {
    await create('a', 'Barns', 1990);
    await broker.stop();
    const books = store.collection<Book>({
      name: 'books',
      hot: { title: 'text', year: 'number' },
      indexes: [['year']],
      unique: ['title'],
    });
    expect(await books.count()).toBe(1);
    expect(await books.clear()).toBe(1);
    await broker.start();
  });
});
