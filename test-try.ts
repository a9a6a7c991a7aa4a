import { MongoClient } from 'mongodb';
const url = process.env.VITRAIL_MONGO_URL!;
const c = new MongoClient(url.replace('/vitrail','/try-mongo'));
const db = c.db(); 
const t = async (n: string, f: () => Promise<unknown>) => { try { console.log(n, JSON.stringify(await f())); } catch (e: any) { console.log(n, 'ERR', e.constructor.name, e.code, e.codeName, e.message); } };
const opts: Record<string, any> = { sparse: { sparse: true }, exists: { partialFilterExpression: { sha: { $exists: true } } }, sub: {key: {'a.b': 1}, sparse: true} };
for (const [n, f] of Object.entries(opts)) {
  const x = db.collection<any>('u' + n);
  await t(n + ' idx', () => x.createIndexes([{ key: { sha: 1 }, name: 'unique sha', unique: true, ...f }]));
  await t(' missing', () => x.insertMany([{ _id: 'b' }, { _id: 'b2' }]));
  await t(' null', () => x.insertMany([{ _id: 'c', sha: null }, { _id: 'd', sha: null }]));
  await t(' same', () => x.insertMany([{ _id: 'e', sha: 's' }, { _id: 'f', sha: 's' }]));
  await t(' num', () => x.insertMany([{ _id: 'e1', sha: 1 }, { _id: 'f1', sha: 1 }]));
  await t(' find', () => x.find({sha: 's'}).toArray());
}
await t('drop', () => db.dropDatabase());
await c.close();
