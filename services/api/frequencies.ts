/** How often keys were asked for of late. */
export interface Frequencies {
  add(key: string): void;
  count(key: string): number;
}

/**
 * With every `window` questions what lies back counts half, and what lies further back nothing (after TinyLFU: Einziger, Friedman,
 * Manes 2017, with exact counts instead of a sketch).
 */
export function frequencies(window: number): Frequencies {
  let recent = new Map<string, number>();
  let before = new Map<string, number>();
  let questions = 0;
  return {
    count: (key) => (recent.get(key) ?? 0) + (before.get(key) ?? 0) / 2,
    add(key) {
      recent.set(key, (recent.get(key) ?? 0) + 1);
      questions += 1;
      if (questions < window) return;
      before = recent;
      recent = new Map();
      questions = 0;
    },
  };
}
