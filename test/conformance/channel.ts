import { coalescing } from './channel/coalescing.ts';
import { delivering } from './channel/delivering.ts';
import { pausing } from './channel/pausing.ts';
import { redelivering } from './channel/redelivering.ts';
import { stopping } from './channel/stopping.ts';
import type { ChannelCase, OpenChannel } from './channel/case.ts';

/** What every channel promises, as data: test/conformance/channel-broken.test.ts runs it against channels that must fail. */
export const channelCases: ChannelCase[] = [...delivering, ...coalescing, ...pausing, ...redelivering, ...stopping];

/** `open` gives an empty channel for a place it has not seen, and the same channel again for one it has. */
export function channelConformance(name: string, open: OpenChannel): void {
  describe(`channel port: ${name}`, () => {
    for (const { title, run } of channelCases) it(title, () => run(open));
  });
}
