import { metricsOptions } from './metrics.ts';

it('nothing is counted unless a port is asked for, which others reach only where they reach the node', () => {
  expect(metricsOptions({ host: '127.0.0.1', metricsPort: undefined })).toEqual({});
  expect(metricsOptions({ host: '127.0.0.1', metricsPort: 9100 })).toMatchObject({
    metrics: { enabled: true, reporter: { type: 'Prometheus', options: { host: '127.0.0.1', port: 9100 } } },
  });
});
