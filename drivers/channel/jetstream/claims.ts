import { ulid } from 'ulid';
import type { Lane } from '../port.ts';
import { freedSubjectOf } from './layout.ts';
import { LostData, type Link } from './link.ts';
import { bare, tokenOf, type Queued, type Working } from './record.ts';
import type { Shelf } from './shelf.ts';

/** A message that is in work here, as long as its record lies at `seq`. */
export interface Claim {
  readonly token: string;
  readonly record: Working;
  readonly epoch: number;
  seq: number;
}

/**
 * The records of what is in work: one for a key, so no two of a key are in work at once, on whatever nodes. A claim holds for its
 * lease, which counts from when the record was last written, and renewing is writing it again.
 */
export class Claims {
  readonly #link: Link;
  readonly #wait: Shelf<Queued>;
  readonly #work: Shelf<Working>;
  readonly #freedSubject: (token: string) => string;
  readonly #node: string;

  constructor(link: Link, name: string, lane: Lane, node: string, shelves: { wait: Shelf<Queued>; work: Shelf<Working> }) {
    this.#link = link;
    this.#node = node;
    this.#wait = shelves.wait;
    this.#work = shelves.work;
    this.#freedSubject = (token) => freedSubjectOf(name, lane, token);
  }

  /** Moves a message that waits at `seq` into work. `busy`: another of its key is; `gone`: it does not wait there any more. */
  async claim(message: Queued, seq: number, leaseMs: number): Promise<Claim | 'busy' | 'gone'> {
    const { epoch } = this.#link;
    const token = tokenOf(message.key);
    const claim = ulid();
    const record = { ...bare(message), deliveries: message.deliveries + 1, claim, leaseMs, node: this.#node };
    const own = (await this.#work.create(token, record)) ?? (await this.#find(token, claim));
    if (own === null) return 'busy';
    try {
      // From here on a new message of the key can be added: the handler has not begun, so it will see what that one is about.
      if (await this.#wait.remove(seq, epoch)) return { token, record, epoch, seq: own };
    } catch (error) {
      // The streams were made anew in between, perhaps before the claim was written: it would hold for all of its lease, for nobody.
      if (error instanceof LostData) await this.#withdraw(token, claim);
      throw error;
    }
    await this.finish({ token, epoch, seq: own });
    return 'gone';
  }

  async #withdraw(token: string, claim: string): Promise<void> {
    const { epoch } = this.#link;
    const seq = await this.#find(token, claim);
    if (seq !== null) await this.finish({ token, epoch, seq });
  }

  /** Whether it is held for another lease. */
  async renew(claim: Claim): Promise<boolean> {
    if (claim.epoch !== this.#link.epoch) return false;
    const seq =
      (await this.#work.replace(claim.token, claim.seq, claim.record)) ?? (await this.#find(claim.token, claim.record.claim));
    if (seq === null) return false;
    claim.seq = seq;
    return true;
  }

  async holds(claim: Claim): Promise<boolean> {
    return claim.epoch === this.#link.epoch && (await this.#find(claim.token, claim.record.claim)) !== null;
  }

  /** Ends a claim; whether it had been held until now. Whoever waits for the key is told. */
  async finish({ seq, epoch, token }: Pick<Claim, 'seq' | 'epoch' | 'token'>): Promise<boolean> {
    try {
      const held = await this.#work.remove(seq, epoch);
      this.#link.nc.publish(this.#freedSubject(token));
      return held;
    } catch (error) {
      if (error instanceof LostData) return false;
      throw error;
    }
  }

  /** Calls back when a claim on the key ends, wherever that is. Answers how to stop. */
  onFreed(token: string, freed: () => void): () => void {
    const subscription = this.#link.nc.subscribe(this.#freedSubject(token), { callback: () => freed() });
    return () => subscription.unsubscribe();
  }

  async isBusy(token: string): Promise<boolean> {
    return (await this.#work.read(token)) !== null;
  }

  /** Where the record of a claim lies now: writing it may have worked although the answer was lost. */
  async #find(token: string, claim: string): Promise<number | null> {
    const there = await this.#work.read(token);
    return there?.record.claim === claim ? there.seq : null;
  }
}
