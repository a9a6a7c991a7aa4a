import { openSqliteRecords } from './open.ts';

/** Run by crash.test.ts: inserts and updates without end, and says on stdout, a line each, what it was told is done. */
const [file = '', run = ''] = process.argv.slice(2);
const store = await openSqliteRecords({ file });
const records = store.collection<{ id: string; rev: number }>({ name: 'ledger', hot: { rev: 'number' }, indexes: [['rev']] });

async function write(writer: number): Promise<void> {
  for (let n = 0; ; n += 1) {
    const id = `${run}-${writer}-${n}`;
    await records.insert({ id, rev: 0 });
    process.stdout.write(`inserted ${id}\n`);
    await records.updateMany({ id, rev: 0 }, { $set: { padding: 'x'.repeat(500) }, $inc: { rev: 1 } });
    process.stdout.write(`updated ${id}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
