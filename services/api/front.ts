import type { Logger, ServiceBroker } from 'moleculer';
import { configOf, portsOf } from '../../config/ports.ts';
import { healthAnswer } from '../../mixins/health.ts';
import { isAlive, runnerOf } from '../../mixins/liveness.ts';
import { call } from '../contracts/contract.ts';
import { ingest } from '../contracts/ingest.ts';
import { media } from '../contracts/media.ts';
import { type Gatekeeper, gatekeeper, hostGuard } from './auth.ts';
import { clientAddress } from './client-address.ts';
import type { EventHub } from './event-hub.ts';
import { gateway, type Gateway, type GatewayOptions } from './gateway.ts';
import { hotBlobs } from './hot-blobs.ts';
import { idempotency } from './idempotency.ts';
import { type KeptAnswers, keptAnswers, type KeyRecord, keys } from './kept-answers.ts';
import { type Live, openLive } from './live.ts';
import { rateLimit } from './rate-limit.ts';
import { elsewhere } from './redirect.ts';
import { openTus, type Tus } from './tus/server.ts';

export interface FrontOptions extends Pick<GatewayOptions, 'page' | 'routed'> {
  broker: ServiceBroker;
  logger: Logger;
  hub: EventHub;
  /** Of Vitrail. */
  version: string;
}

/** Everything that stands before moleculer-web, put together over this node's ports and the actions of the mesh. */
export interface Front extends Gateway {
  guard: Gatekeeper;
  live: Live;
  answers: KeptAnswers;
}

/** Files up to 1 MiB, which is nearly every variant, are sent in one go, and those asked for of late kept in memory. */
const hot = { wholeBytes: 1024 * 1024, maxBytes: 32 * 1024 * 1024 };
/** A large file that came in parts is copied once before it is looked at; in ms. */
const finishMs = 3600 * 1000;

export function openFront({ broker, logger, hub, version, page, routed }: FrontOptions): Front {
  const { apiKeys, host, hostNames, rateLimit: perMinute, s3PublicEndpoint, trustedProxies } = configOf(broker);
  const { blobs, records } = portsOf(broker);
  const guard = gatekeeper(apiKeys);
  const live = openLive({ hub, guard });
  const answers = keptAnswers({
    records: records.collection<KeyRecord>(keys),
    runner: runnerOf(broker),
    isAlive: (runner) => isAlive(broker, runner),
  });
  const once = idempotency(answers, (error) => logger.warn('What became of an Idempotency-Key could not be kept', error));
  return {
    guard,
    live,
    answers,
    ...gateway({
      guard,
      guarded: apiKeys.length > 0,
      named: apiKeys.length > 0 ? () => undefined : hostGuard([host, ...hostNames]),
      limit: rateLimit(perMinute, clientAddress(trustedProxies)),
      live,
      once,
      logger,
      blobs,
      hot: hotBlobs({ blobs, ...hot }),
      elsewhere: elsewhere(s3PublicEndpoint === undefined ? {} : blobs, hot.wholeBytes),
      origins: s3PublicEndpoint === undefined ? [] : [new URL(s3PublicEndpoint).origin],
      tus: tusOf(broker),
      locate: (wish) => call(broker, media.locate, wish),
      health: (path) => healthAnswer(path, broker, version),
      page,
      routed,
      newRequestID: () => broker.generateUid(),
    }),
  };
}

function tusOf(broker: ServiceBroker): Tus {
  const { maxUpload, uploadExpirySeconds, uploadIdleSeconds } = configOf(broker);
  return openTus({
    blobs: portsOf(broker).blobs,
    maxBytes: maxUpload,
    idleMs: uploadIdleSeconds * 1000,
    expiryMs: uploadExpirySeconds * 1000,
    open: (upload) => call(broker, ingest.open, upload),
    find: (id) => call(broker, ingest.resumable, { id }),
    append: (uploadId, offset, part) => call(broker, ingest.append, { uploadId, offset, part }),
    finish: (uploadId) => call(broker, ingest.finish, { uploadId }, { timeout: finishMs }),
    terminate: (uploadId) => call(broker, ingest.terminate, { uploadId }),
  });
}
