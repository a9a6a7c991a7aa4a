import { Transporters } from 'moleculer';

/** What the client for NATS does with packets that wait: it writes them one turn of microtasks after the first. */
interface Outbound {
  flushPending(): void;
}

/** Has packets of one turn of the event loop written together: each write costs more than all else that a packet does. */
export function gatherWrites(outbound: Outbound): void {
  const flush = outbound.flushPending.bind(outbound);
  let asked = false;
  outbound.flushPending = () => {
    if (asked) return;
    asked = true;
    setImmediate(() => {
      asked = false;
      flush();
    });
  };
}

/** Moleculer's own, but that the end of a run, what it changed and the begin of the next are one write. */
export class MeshTransporter extends Transporters.NATS {
  override async connect(): Promise<void> {
    await super.connect();
    gatherWrites((this.client as { protocol: Outbound }).protocol);
  }
}
