import { isDeepStrictEqual } from 'node:util';
import type { JetStreamManager, StreamInfo } from 'nats';
import { codeOf, codes } from './failure.ts';
import type { Stream } from './layout.ts';

/** Names that the client lets no stream have are none of ours: `undefined` for what is not there. */
async function found<T>(info: Promise<T>): Promise<T | undefined> {
  try {
    return await info;
  } catch (error) {
    if (codeOf(error) === codes.noStream || codeOf(error) === codes.noConsumer) return undefined;
    throw error;
  }
}

const differs = (is: object, wanted: object): boolean =>
  Object.entries(wanted).some(([key, value]) => !isDeepStrictEqual((is as Record<string, unknown>)[key], value));

/** Safe from several nodes at once: making what is there already in the same way changes nothing, another way is an update. */
async function ensureStream(jsm: JetStreamManager, { config }: Stream): Promise<StreamInfo> {
  let info = await found(jsm.streams.info(config.name));
  if (!info) {
    try {
      info = await jsm.streams.add(config);
    } catch (error) {
      if (codeOf(error) !== codes.otherStream) throw error;
      info = await jsm.streams.info(config.name);
    }
  }
  return differs(info.config, config) ? jsm.streams.update(config.name, config) : info;
}

async function ensureConsumer(jsm: JetStreamManager, { config, consumer }: Stream): Promise<void> {
  if (!consumer) return;
  const { durable_name: durable } = consumer;
  let info = await found(jsm.consumers.info(config.name, durable));
  if (!info) {
    try {
      info = await jsm.consumers.add(config.name, consumer);
    } catch (error) {
      if (codeOf(error) !== codes.otherConsumer) throw error;
      info = await jsm.consumers.info(config.name, durable);
    }
  }
  if (differs(info.config, consumer)) await jsm.consumers.update(config.name, durable, consumer);
}

/** Makes what is missing and updates what is otherwise. Answers since when the streams have been there: other than before, they were lost. */
export async function ensure(jsm: JetStreamManager, layout: readonly Stream[]): Promise<StreamInfo[]> {
  return Promise.all(
    layout.map(async (stream) => {
      const info = await ensureStream(jsm, stream);
      await ensureConsumer(jsm, stream);
      return info;
    }),
  );
}
