import { connect } from 'nats';
import { addressOf } from './address.ts';
import { isRefusal, unavailable } from './failure.ts';

/** How long a server may take to answer, in ms. */
const answerMs = 4000;

/**
 * Resolves when a NATS server answers at the address, with or without JetStream; nothing is left open.
 * @throws ChannelError channel.unavailable; what the server says where it refuses who asks; TypeError for no address
 */
export async function reach(url: string): Promise<void> {
  const address = addressOf(url);
  try {
    const connection = await connect({ ...address, timeout: answerMs, reconnect: false, noAsyncTraces: true });
    await connection.close();
  } catch (error) {
    throw isRefusal(error) ? error : unavailable(error);
  }
}
