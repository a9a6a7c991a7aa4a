import { ServiceBroker, type Service, type ServiceSchema } from 'moleculer';
import DbService from 'moleculer-db';
import { ulid } from 'ulid';
import type { Adapter, AdapterStore } from '../../drivers/records/moleculer.ts';
import type { Collection } from '../../drivers/records/port.ts';

/** Moleculer's types know nothing of an adapter, and moleculer-db's call a class what is the schema of a mixin. */
interface BooksSchema extends ServiceSchema<{ idField: string }> {
  adapter: Adapter<Book>;
}
const mixin = DbService as unknown as ServiceSchema;

interface Book {
  id: string;
  title: string;
  year: number;
}
const declared: Collection = {
  name: 'books',
  hot: { title: 'text', year: 'number' },
  indexes: [['year']],
  unique: ['title'],
};

/** That moleculer-db works on the store's collections. `open` gives a store with nothing in it. */
export function conformsUnderMoleculer(open: () => Promise<AdapterStore>): void {
  let store: AdapterStore;
  let broker: ServiceBroker;
  let service: Service;
  beforeEach(async () => {
    store = await open();
    broker = new ServiceBroker({ nodeID: `records-${ulid()}`, logger: false, transporter: null });
    const books: BooksSchema = {
      name: 'books',
      mixins: [mixin],
      settings: { idField: 'id' },
      adapter: store.collection<Book>(declared),
    };
    service = broker.createService(books);
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

    it('takes an id of 24 hex digits for the text it is', async () => {
      const id = '0123456789abcdef01234567';
      const book = await create(id, 'Barns', 1990);
      expect(book.id).toBe(id);
      expect(await broker.call('books.get', { id })).toEqual(book);
      expect(await broker.call('books.get', { id: [id] })).toEqual([book]);
      expect(await broker.call('books.count', { query: { id: { $gte: id, $lte: id } } })).toBe(1);
      expect(await broker.call('books.remove', { id })).toEqual(book);
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

    it('takes no operators where an id or a value belongs', async () => {
      await create('a', 'Barns', 1990);
      const books = store.collection<Book>(declared);
      const id = { $ne: null } as unknown as string;
      for (const use of [books.findById, books.removeById, (odd: string) => books.findByIds([odd])])
        await expect(use(id)).rejects.toMatchObject({ code: 'records.query-invalid' });
      await expect(books.updateById(id, { $set: { year: 1 } })).rejects.toMatchObject({ code: 'records.query-invalid' });
      for (const query of [{ $where: 'true' }, { title: { $regex: '.' } }, { $expr: true }, { title: { $ne: { $gt: '' } } }])
        await expect(broker.call('books.find', { query })).rejects.toMatchObject({ code: 'records.query-invalid' });
      expect(await broker.call('books.count')).toBe(1);
    });

    it('leaves the store open when its service stops', async () => {
      await create('a', 'Barns', 1990);
      await broker.destroyService(service);
      const books = store.collection<Book>(declared);
      expect(await books.count()).toBe(1);
      expect(await books.clear()).toBe(1);
    });
  });
}
