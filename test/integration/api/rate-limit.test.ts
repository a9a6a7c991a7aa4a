import { once } from 'node:events';
import { WebSocket } from 'ws';
import { startGateway } from './gateway.ts';

it('each client may ask so often, and is told how often with every answer', async () => {
  await using gateway = await startGateway({ VITRAIL_RATE_LIMIT: '4', VITRAIL_TRUSTED_PROXIES: '127.0.0.1' });
  const ask = async (path: string, client = '192.0.2.1') => {
    const { status, headers } = await fetch(gateway.base + path, { headers: { 'x-forwarded-for': client } });
    return {
      status,
      policy: headers.get('ratelimit-policy'),
      left: /r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1],
      again: Number(headers.get('retry-after')),
    };
  };
  const policy = '"default";q=4;w=60';
  expect(await ask('/api/search')).toMatchObject({ status: 200, policy, left: '3' });
  expect(await ask('/api/openapi.json')).toMatchObject({ status: 200, policy, left: '2' });
  expect(await ask('/api/nowhere')).toMatchObject({ status: 404, policy, left: '1' });
  const live = new WebSocket(`${gateway.base.replace('http', 'ws')}/api/live`, ['vitrail.v1'], {
    headers: { 'x-forwarded-for': '192.0.2.1' },
  });
  await once(live, 'open');
  live.terminate();
  const refused = await ask('/api/search');
  expect(refused).toMatchObject({ status: 429, policy, left: '0' });
  expect(refused.again).toBeGreaterThan(0);
  // Pictures and the page come in swarms; another client has not asked yet.
  expect(await ask('/')).toMatchObject({ status: 200, policy: null });
  expect(await ask('/media/x')).toMatchObject({ status: 404, policy: null });
  expect(await ask('/health')).toMatchObject({ status: 200, policy: null });
  expect(await ask('/api/search', '192.0.2.2')).toMatchObject({ status: 200, left: '3' });
});

it('a key is not guessed faster than that', async () => {
  await using gateway = await startGateway({ VITRAIL_RATE_LIMIT: '2', VITRAIL_API_KEYS: 'a-key-of-sixteen-or-more' });
  const statuses: number[] = [];
  for (let n = 0; n < 3; n++)
    statuses.push((await fetch(`${gateway.base}/api/search`, { headers: { 'x-api-key': `guess-${n}` } })).status);
  expect(statuses).toEqual([401, 401, 429]);
});
