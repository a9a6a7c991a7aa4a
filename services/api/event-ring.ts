/** An event as it goes over the wire: its id is `<epoch>-<n>`, where the epoch changes with every start of the process. */
export interface Sent {
  n: number;
  name: string;
  /** Rooms that it is told in, besides the one of all. */
  rooms: readonly string[];
  data: string;
}

/** The last events, for clients that come back. */
export interface EventRing {
  push(name: string, rooms: readonly string[], payload: unknown): Sent;
  /** The id of the newest event, or of the place before the first. */
  last(): string;
  idOf(sent: Sent): string;
  /** What came after an id; null where that is not known any more, or never was. */
  since(id: string): Sent[] | null;
}

export function eventRing({ epoch, size }: { epoch: string; size: number }): EventRing {
  const kept: Sent[] = [];
  let count = 0;
  return {
    push(name, rooms, payload) {
      const sent = { n: ++count, name, rooms, data: JSON.stringify(payload) };
      kept[sent.n % size] = sent;
      return sent;
    },
    last: () => `${epoch}-${count}`,
    idOf: ({ n }) => `${epoch}-${n}`,
    since(id) {
      const [, of, digits = ''] = /^([\w]+)-(\d{1,15})$/.exec(id) ?? [];
      const n = Number(digits);
      if (of !== epoch || n > count || count - n > size) return null;
      return Array.from({ length: count - n }, (_, i) => kept[(n + 1 + i) % size]).filter((sent) => sent !== undefined);
    },
  };
}
