/** A word for a picture, and how sure it is, 0–1. */
export interface Label {
  name: string;
  confidence: number;
}

/** Most confident first; of equals, the one that was given first. A name that comes twice is kept at its most confident. */
export function ranked(labels: readonly Label[]): Label[] {
  const sorted = labels.toSorted((a, b) => b.confidence - a.confidence);
  return sorted.filter(({ name }, index) => sorted.findIndex((other) => other.name === name) === index);
}
