import { connect } from 'nats';

/** For tests: removes all channels whose names begin so. */
export async function removeStreams(url: string, prefix: string): Promise<void> {
  const nc = await connect({ servers: new URL(url).host });
  const jsm = await nc.jetstreamManager();
  for await (const name of jsm.streams.names()) if (name.startsWith(prefix)) await jsm.streams.delete(name);
  await nc.close();
}
