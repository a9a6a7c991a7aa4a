// @ts-check
/** Running an enrichment again, wherever it is shown. */
import { useState } from 'preact/hooks';
import { titleOf } from '../enrichers.js';
import { send } from '../server.js';
import { say, sayError } from './notices.js';

/**
 * Whether it has been asked for and is not answered yet, and what asks for it.
 * @param {Pick<import('../types.d.ts').Enrichment, 'assetId' | 'enricher'>} enrichment
 * @param {() => unknown} after once it will run
 * @returns {[asked: boolean, replay: () => Promise<void>]}
 */
export function useReplay({ assetId, enricher }, after) {
  const [asked, setAsked] = useState(false);
  async function replay() {
    setAsked(true);
    try {
      await send('POST', `/api/assets/${assetId}/enrichments/${enricher}/replay`);
      say(`${titleOf(enricher)} runs again.`);
      await after();
    } catch (failure) {
      sayError(failure);
    } finally {
      setAsked(false);
    }
  }
  return [asked, replay];
}
