/**
 * A large upload: how much the serving process grows by it, and how fast it is as a share of `tee file | sha256sum`, in turn:
 * `node bench/upload.ts [--bytes 2147483648] [--rounds 3] [--form]`. The file is random, so that it is refused once all its bytes
 * are there: what is measured is the way of the bytes to the disk, hashed and counted; the blob store syncs them, `tee` does not.
 */
import { execFile } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { parseArgs, promisify } from 'node:util';
import { median, rssMb, startBenchApp } from './app.ts';

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: String(2 * 1024 ** 3) },
    rounds: { type: 'string', default: '3' },
    form: { type: 'boolean', default: false },
  },
});
const bytes = Number(values.bytes);
const megabyte = 1024 * 1024;

async function writeRandom(file: string): Promise<void> {
  const handle = await open(file, 'w');
  const block = Buffer.alloc(4 * megabyte);
  for (let left = bytes; left > 0; left -= block.length)
    await handle.write(randomFillSync(block), 0, Math.min(left, block.length));
  await handle.sync();
  await handle.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return bytes / megabyte / ((performance.now() - began) / 1000);
}

const teeAndHash = (source: string, copy: string): Promise<void> =>
  promisify(execFile)('bash', ['-c', 'cat "$0" | tee "$1" | sha256sum', source, copy]).then(() => rm(copy));

/** Sends the file as curl would: with its length, and no faster than it is taken. */
async function send(source: string, base: string): Promise<void> {
  const boundary = 'bench-boundary';
  const head = values.form
    ? `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="big.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`
    : '';
  const tail = values.form ? `\r\n--${boundary}--\r\n` : '';
  const type = values.form ? `multipart/form-data; boundary=${boundary}` : 'image/jpeg';
  const headers = { 'Content-Type': type, 'Content-Length': head.length + bytes + tail.length };
  const req = request(`${base}/api/assets`, { method: 'POST', headers });
  const answered = new Promise<void>((resolve, reject) => {
    req.once('error', reject);
    req.once('response', (res) => {
      text(res).then((body) => {
        if (res.statusCode === 415) resolve();
        else reject(new Error(`the upload was answered with ${String(res.statusCode)}: ${body}`));
      }, reject);
    });
  });
  async function* body(): AsyncGenerator<Buffer> {
    if (head !== '') yield Buffer.from(head);
    for await (const chunk of createReadStream(source, { highWaterMark: megabyte })) yield chunk as Buffer;
    if (tail !== '') yield Buffer.from(tail);
  }
  await Promise.all([pipeline(body, req), answered]);
}

/** What a process grows by while something is done, at its peak, in MB. */
async function growth(pid: number, work: () => Promise<void>): Promise<number> {
  const before = await rssMb(pid);
  let peak = before;
  const watch = setInterval(() => void rssMb(pid).then((now) => (peak = Math.max(peak, now))), 20);
  await work().finally(() => clearInterval(watch));
  return peak - before;
}

const folder = await mkdtemp(join(tmpdir(), 'vitrail-upload-'));
try {
  const source = join(folder, 'source');
  await writeRandom(source);
  const shares: number[] = [];
  let grown = 0;
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    const raw = await timed(() => teeAndHash(source, join(folder, 'copy')));
    await using app = await startBenchApp({ VITRAIL_MAX_UPLOAD: String(bytes) });
    let own = 0;
    const more = await growth(app.pid, async () => {
      own = await timed(() => send(source, app.base));
    });
    const peak = Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${app.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    grown = Math.max(grown, more);
    shares.push(own / raw);
    console.log(
      `round ${round}: ${own.toFixed(0)} MB/s; tee | sha256sum ${raw.toFixed(0)} MB/s; share ${(own / raw).toFixed(2)}; grew by ${more.toFixed(0)} MB to ${peak.toFixed(0)} MB`,
    );
  }
  console.log(
    `${bytes} bytes${values.form ? ' in a form' : ''}: share ${median(shares).toFixed(2)} (median); grew by ${grown.toFixed(0)} MB at most (aim: < 64)`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
