import { ackWaitMs } from './layout.ts';
import type { Claims } from './claims.ts';
import type { Handed } from './pull.ts';
import { tokenOf, type Queued } from './record.ts';

/** Keeps messages that were handed out while another of their key is in work, and gives them back when it no longer is. */
export class Parking {
  readonly #parked = new Set<() => void>();

  park(message: Handed<Queued>, claims: Claims): void {
    const token = tokenOf(message.record.key);
    const leave = (): void => {
      if (!this.#parked.delete(leave)) return;
      clearInterval(timer);
      forget();
      message.nak();
    };
    const look = async (): Promise<void> => {
      message.working();
      if (!(await claims.isBusy(token))) leave();
    };
    const timer = setInterval(() => void look().catch(() => undefined), ackWaitMs / 3).unref();
    const forget = claims.onFreed(token, leave);
    this.#parked.add(leave);
    // It may have become free before we listened.
    void look().catch(() => undefined);
  }

  /** Gives all back. */
  clear(): void {
    for (const leave of this.#parked) leave();
  }
}
