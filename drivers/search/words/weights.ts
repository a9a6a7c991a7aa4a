/** From so many documents on, a word that stands in more than a tenth of all tells too little to be worth counting. */
const manyDocuments = 5000;

/** A hit in a column counts so much more than one anywhere; with the 1 of that: title 3, tags 2. */
export const bonus = { title: 2, tags: 1 } as const;
/** What a mere beginning, and a guess, count of a whole word as it was typed. */
export const beginning = 0.5;
export const guess = 0.5;
/** Words of a document that halve its score: a hit among few words says more. */
export const halving = 200;

/**
 * How much a word tells that so many of all documents hold: rare ones more (BM25's inverse document frequency), very common ones
 * nothing. To two places.
 *
 * Relevance is, over the words of a query, the sum of this weight, times 3 for a hit in the title, 2 in the tags (4 in both), 1
 * elsewhere, half for a mere beginning and half for a guess; that over 1 + words / 200. Not BM25: that moves every score whenever a
 * document comes or goes, and a cursor would skip some. Given the weights, which the cursor carries, this score is the document's own.
 */
export const weightOf = (holding: number, count: number): number =>
  holding > manyDocuments && holding > count / 10
    ? 0
    : Math.round(100 * Math.log(1 + Math.max(0, count - holding + 0.5) / (holding + 0.5))) / 100;
