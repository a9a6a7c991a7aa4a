import { setTimeout as delay } from 'node:timers/promises';
import { connect, Events, type JetStreamClient, type JetStreamManager, type NatsConnection, type StreamInfo } from 'nats';
import { addressOf } from './address.ts';
import { ServerClock } from './clock.ts';
import { ensure } from './ensure.ts';
import { closed, isMissing, isRefusal, mayPass, reasonOf, unavailable } from './failure.ts';
import type { Stream } from './layout.ts';

/** How long one question may go unanswered, and how long a caller waits in all, in ms. */
const answerMs = 4000;
const patienceMs = 9000;

/** The streams are not those any more that a sequence was read from. */
export class LostData extends Error {
  override readonly name = 'LostData';
  constructor() {
    super('the queue lost what it had');
  }
}

interface Door {
  passed: Promise<void>;
  isOpen(): boolean;
  open(): void;
  refuse(reason: Error): void;
}

function door(): Door {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isOpen = false;
  promise.catch(() => undefined);
  return {
    passed: promise,
    isOpen: () => isOpen,
    open() {
      isOpen = true;
      resolve();
    },
    refuse: reject,
  };
}

/**
 * The connection, which comes back for ever, and the streams behind it, which are made again where they are gone. Questions wait
 * for both, and are asked again when the answer may have been lost.
 */
export class Link {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly clock = new ServerClock();
  /** Counts how often the streams were lost: sequences of an earlier epoch mean nothing. */
  epoch = 0;
  readonly #layout: readonly Stream[];
  readonly #onDown = new Set<() => void>();
  #since = '';
  #ready = door();
  #connected = true;
  /** Of those who make the streams, the last one counts. */
  #makers = 0;
  #closed = false;

  private constructor(nc: NatsConnection, jsm: JetStreamManager, layout: readonly Stream[]) {
    this.nc = nc;
    this.jsm = jsm;
    this.js = nc.jetstream({ timeout: answerMs });
    this.#layout = layout;
  }

  /** Rejects within ten seconds where there is nobody to reach. */
  static async open(url: string, clientName: string, layout: readonly Stream[]): Promise<Link> {
    const address = addressOf(url);
    let nc: NatsConnection | undefined;
    try {
      nc = await connect({
        ...address,
        name: clientName,
        timeout: answerMs,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        // A server that is frozen keeps its sockets: it is found out by silence.
        pingInterval: 3000,
        maxPingOut: 2,
        // It may come back before its accounts do.
        ignoreAuthErrorAbort: true,
        noAsyncTraces: true,
      });
      const link = new Link(nc, await nc.jetstreamManager({ checkAPI: false, timeout: answerMs }), layout);
      await link.#make();
      link.#ready.open();
      void link.#watch();
      return link;
    } catch (error) {
      await nc?.close();
      throw isRefusal(error) ? error : unavailable(error);
    }
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Called when the connection or the streams are gone; what was asked and not answered has to be asked again. */
  onDown(listener: () => void): () => void {
    this.#onDown.add(listener);
    return () => this.#onDown.delete(listener);
  }

  /** Resolves when there is a server with its streams. Rejects when that takes longer, or when the channel is closed. */
  async ready(withinMs: number = patienceMs): Promise<void> {
    if (this.#closed) throw closed();
    if (this.#ready.isOpen()) return;
    const timer = Promise.withResolvers<never>();
    const timeout = setTimeout(() => timer.reject(unavailable()), withinMs);
    try {
      await Promise.race([this.#ready.passed, timer.promise]);
    } finally {
      clearTimeout(timeout);
    }
  }

  /**
   * Asks, and asks again what may not have been heard; `again` says that an earlier time may have done its work. With an `epoch`
   * rejects as LostData when the streams are not those of then.
   */
  async ask<T>(question: (again: boolean) => Promise<T>, epoch?: number): Promise<T> {
    const end = Date.now() + patienceMs;
    for (let again = false; ; again = true) {
      await this.ready(Math.max(0, end - Date.now()));
      if (epoch !== undefined && epoch !== this.epoch) throw new LostData();
      try {
        return await question(again);
      } catch (error) {
        if (this.#closed) throw closed();
        if (!mayPass(error)) throw error;
        if (isMissing(error)) this.suspect();
        if (Date.now() >= end) throw unavailable(error);
        await delay(100);
      }
    }
  }

  /** The streams may be gone: they are looked after before anything else is asked. */
  suspect(): void {
    if (this.#closed) return;
    const wasUp = this.#ready.isOpen();
    this.#down();
    if (wasUp && this.#connected) void this.#prepare();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ready.refuse(closed());
    await this.nc.close();
    for (const listener of this.#onDown) listener();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.nc.status()) {
      if (type !== Events.Disconnect && type !== Events.Reconnect) continue;
      this.#connected = type === Events.Reconnect;
      this.#down();
      if (this.#connected) void this.#prepare();
    }
  }

  #down(): void {
    if (this.#closed) return;
    if (this.#ready.isOpen()) this.#ready = door();
    for (const listener of this.#onDown) listener();
  }

  async #prepare(): Promise<void> {
    const maker = ++this.#makers;
    const counts = (): boolean => !this.#closed && this.#connected && maker === this.#makers;
    for (let tries = 0; counts(); tries++) {
      try {
        await this.#make();
        if (counts()) this.#ready.open();
        return;
      } catch (error) {
        if (tries === 10) process.emitWarning(`the queue's streams cannot be made yet: ${reasonOf(error)}`);
        await delay(Math.min(2000, 100 * 2 ** tries), undefined, { ref: false });
      }
    }
  }

  async #make(): Promise<void> {
    const sentAt = Date.now();
    const infos: StreamInfo[] = await ensure(this.jsm, this.#layout);
    this.clock.observe(infos, sentAt);
    const since = infos.map(({ created }) => created).join();
    if (this.#since !== '' && this.#since !== since) this.epoch++;
    this.#since = since;
  }
}
