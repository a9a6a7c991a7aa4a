import { type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { readJsonObject } from './json-body.ts';

const request = (body: Buffer | string, headers: Record<string, string> = {}): IncomingMessage =>
  Object.assign(Readable.from([Buffer.from(body)]), {
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers },
  }) as unknown as IncomingMessage;
const malformed = expect.objectContaining({ type: 'request.malformed' }) as Error;

describe('JSON body', () => {
  it('is an object, in UTF-8', async () => {
    expect(await readJsonObject(request('{"title":"Größe"}', { 'content-type': 'Application/JSON; charset=UTF-8' }))).toEqual({
      title: 'Größe',
    });
  });
  it('may be missing', async () => {
    expect(await readJsonObject(request('', { 'content-type': '' }))).toBeUndefined();
  });
  it.each(['', '[]', '"x"', '1', 'null', '{', '{"a":1}x', '{"__proto__":{}}'])('is refused as %j', async (body) => {
    await expect(readJsonObject(request(body, { 'content-length': '9' }))).rejects.toThrow(malformed);
  });
  it.each(['text/plain', 'application/jsonx', 'text/json', ''])('is refused as %j', async (type) => {
    await expect(readJsonObject(request('{}', { 'content-type': type }))).rejects.toThrow(malformed);
  });
  it('has an end, said before or not', async () => {
    const large = JSON.stringify({ a: 'x'.repeat(1024 * 1024) });
    const tooLarge = expect.objectContaining({ type: 'request.too-large' }) as Error;
    await expect(readJsonObject(request(large))).rejects.toThrow(tooLarge);
    const unsaid = request(large, { 'transfer-encoding': 'chunked' });
    delete unsaid.headers['content-length'];
    await expect(readJsonObject(unsaid)).rejects.toThrow(tooLarge);
  });
  it('is refused when it breaks off', async () => {
    const broken = Object.assign(new Readable({ read() {} }), { headers: request('{}').headers }) as unknown as IncomingMessage;
    const read = readJsonObject(broken);
    broken.push('{');
    broken.destroy();
    await expect(read).rejects.toThrow(malformed);
  });
});
