import { join } from 'node:path';
import { freePort } from '../fixtures/free-port.ts';
import { samples, settled, startApp, upload } from './app.ts';

it('logs and metrics of a process carry the name of its node', async () => {
  const port = await freePort();
  await using app = await startApp({
    env: {
      VITRAIL_NODE_ID: 'studio-1',
      VITRAIL_METRICS_PORT: String(port),
      VITRAIL_LOG_FORMAT: 'json',
      VITRAIL_LOG_LEVEL: 'info',
    },
  });
  const { body } = await upload(app, join(samples, 'gradient.jpg'));
  await settled(app, body.id);

  const scraped = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(scraped.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const lines = (await scraped.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const accepted = lines.find((line) => line.startsWith('moleculer_request_total{') && line.includes('action="ingest.accept"'));
  expect(accepted).toMatch(/nodeID="studio-1".* 1$/);
  expect(lines.length).toBeGreaterThan(50);
  expect(lines.filter((line) => !line.includes('nodeID="studio-1"'))).toEqual([]);
  expect(lines.filter((line) => /^(process_arguments|os_user|os_network)/.test(line))).toEqual([]);

  const logged = app
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { nodeID?: string; msg?: string });
  expect(logged.length).toBeGreaterThan(5);
  expect(logged.filter(({ nodeID }) => nodeID !== 'studio-1')).toEqual([]);
});
