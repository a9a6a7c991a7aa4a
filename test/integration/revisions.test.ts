import { join } from 'node:path';
import type { Asset } from '../../services/contracts/asset.ts';
import { type App, ask, json, samples, settled, startApp, upload } from './app.ts';

describe('the revision of an asset', () => {
  let app: App;
  let path: string;
  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    const { body } = await upload(app, join(samples, 'two-dogs.jpg'));
    await settled(app, body.id);
    path = `/api/assets/${body.id}`;
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const read = async (headers: Record<string, string> = {}) => ask<Asset>(app, path, { headers });
  const withMatch = (init: RequestInit, tag: string): RequestInit => {
    const headers = new Headers(init.headers);
    headers.set('if-match', tag);
    return { ...init, headers };
  };
  const etag = async () => (await read()).headers.get('etag') ?? '';

  it('is its ETag, which saves reading it again', async () => {
    const { headers, body } = await read();
    expect(headers.get('etag')).toBe(`"${body.rev}"`);
    const again = await read({ 'if-none-match': headers.get('etag') ?? '' });
    expect([again.status, again.headers.get('etag')]).toEqual([304, headers.get('etag')]);
    const changed = await ask<Asset>(app, path, json('PATCH', { title: `Title ${Math.random()}` }));
    expect(changed.headers.get('etag')).toBe(`"${body.rev + 1}"`);
    expect((await read({ 'if-none-match': headers.get('etag') ?? '' })).status).toBe(200);
  });

  it.each<[string, RequestInit, string]>([
    ['an edit', json('PATCH', { title: 'Mine' }), ''],
    ['an edit of its tags', json('PATCH', { tags: ['mine'] }), ''],
    ['an edit that says nothing', json('PATCH', {}), ''],
    ['a tag', { method: 'PUT' }, '/tags/evening'],
    ['a tag taken off', { method: 'DELETE' }, '/tags/evening'],
    ['a deletion', { method: 'DELETE' }, ''],
  ])('holds %s back from those who have not seen the last one', async (_what, init, below) => {
    const seen = await etag();
    await ask(app, path, json('PATCH', { title: `Another's ${Math.random()}` }));
    const { body: before } = await read();
    const late = await ask(app, path + below, withMatch(init, seen));
    expect([late.status, late.body]).toMatchObject([412, { code: 'asset.changed', rev: before.rev }]);
    expect((await read()).body).toEqual(before);
    expect([200, 204]).toContain((await ask(app, path + below, withMatch(init, `"0", "${before.rev}"`))).status);
  });

  it('lets one of many through who change it at the same time', async () => {
    const seen = await etag();
    const bids = Array.from({ length: 8 }, (_, n) =>
      ask(app, path, withMatch(json('PATCH', n % 2 ? { tags: [`bid-${n}`] } : { title: `Bid ${n}` }), seen)),
    );
    const statuses = (await Promise.all(bids)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(7);
  });

  it('is read from a header that can be read', async () => {
    expect((await ask(app, path, withMatch(json('PATCH', { title: 'x' }), '7'))).body).toMatchObject({
      code: 'request.malformed',
    });
    expect((await ask(app, path, json('PATCH', { title: 'x', ifMatch: [1] }))).body).toMatchObject({ code: 'params.invalid' });
    expect((await ask(app, path, withMatch(json('PATCH', { title: 'x' }), '*'))).status).toBe(200);
  });
});
