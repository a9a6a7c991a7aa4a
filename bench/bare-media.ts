/**
 * What media are measured against, in a process of its own: `node bench/bare-media.ts <folder>` prints its port.
 * `/resize/<file>?w=` resizes the original for every request; `/stream/<file>` and `/read/<file>` send a file as one writes it in a
 * few lines of node:http, by a stream or whole.
 */
import { createReadStream, readFile, stat } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';

const folder = process.argv[2] ?? '.';

function send(res: ServerResponse, error: Error | null, body?: Buffer): void {
  if (error || !body) res.writeHead(500).end();
  else res.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': body.length }).end(body);
}

const server = createServer((req, res) => {
  const url = new URL(req.url ?? '/', 'http://bare');
  const [, what, name = ''] = url.pathname.split('/');
  const file = join(folder, name);
  if (what === 'resize') {
    const resized = sharp(file, { sequentialRead: true })
      .autoOrient()
      .resize({ width: Number(url.searchParams.get('w')) })
      .jpeg({ quality: 80 });
    resized.toBuffer((error, body) => send(res, error, body));
  } else if (what === 'read') readFile(file, (error, body) => send(res, error, body));
  else
    stat(file, (error, stats) => {
      if (error) {
        send(res, error);
        return;
      }
      res.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': stats.size });
      createReadStream(file).pipe(res);
    });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
