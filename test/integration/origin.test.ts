import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../fixtures/until.ts';
import { type App, ask, samples, settled, startApp } from './app.ts';

const photo = readFileSync(join(samples, 'dandelions.jpg'));

/** Reads the events of some rooms until told to stop. */
async function listen(app: App, query: string) {
  const controller = new AbortController();
  const response = await fetch(`${app.base}/api/events?${query}`, { signal: controller.signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })().catch(() => undefined);
  await until('the stream', () => text.includes('retry: '));
  return {
    events: () =>
      [...text.matchAll(/event: (\S+)\ndata: (.*)\n\n/g)].map(([, name, data]) => ({
        name,
        ...(JSON.parse(data ?? '') as object),
      })),
    async stop() {
      controller.abort();
      await reading;
    },
  };
}

describe('what an upload says it belongs to', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const send = (headers: Record<string, string>, path = '/api/assets', bytes = Buffer.concat([photo, randomBytes(8)])) =>
    ask<{ id: string }>(app, path, { method: 'POST', headers: { 'content-type': 'image/jpeg', ...headers }, body: bytes });
  const b64 = (text: string) => Buffer.from(text).toString('base64');

  it.each<[string, () => Promise<string>]>([
    ['the headers of an upload', async () => (await send({ 'x-session-id': 'tab-1', 'x-client-id': 'phone' })).body.id],
    [
      'the metadata of a resumable one',
      async () => {
        const bytes = Buffer.concat([photo, randomBytes(8)]);
        const head = {
          'tus-resumable': '1.0.0',
          'upload-length': String(bytes.length),
          'upload-metadata': `session ${b64('tab-1')},client ${b64('phone')}`,
          'content-type': 'application/offset+octet-stream',
        };
        return (await send(head, '/api/uploads', bytes)).headers.get('x-asset-id') ?? '';
      },
    ],
  ])('by %s stands in all that is told of its asset', async (_how, upload) => {
    const [session, client, other] = [
      await listen(app, 'session=tab-1'),
      await listen(app, 'client=phone'),
      await listen(app, 'session=tab-2'),
    ];
    const id = await upload();
    await settled(app, id);
    await ask(app, `/api/assets/${id}`, { method: 'DELETE' });
    for (const { events } of [session, client]) {
      await until('its end', () => events().some(({ name }) => name === 'asset.deleted.v1'));
      expect(new Set(events().map(({ name }) => name))).toEqual(
        new Set(['asset.created.v1', 'enrichment.started.v1', 'enrichment.done.v1', 'asset.changed.v1', 'asset.deleted.v1']),
      );
      for (const event of events()) expect(event).toMatchObject({ session: 'tab-1', client: 'phone' });
    }
    expect(other.events()).toEqual([]);
    for (const { stop } of [session, client, other]) await stop();
  });

  it('is refused where it is no label', async () => {
    expect((await send({ 'x-session-id': 'a b' })).status).toBe(422);
  });
});
