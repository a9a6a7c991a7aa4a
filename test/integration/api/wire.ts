import { connect, type Socket } from 'node:net';

/** A connection on which every byte is said by the test. */
export interface Wire {
  socket: Socket;
  /** What came back so far. */
  received(): string;
  closed: Promise<void>;
}

export function wire(port: number, text: string | Buffer): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
    socket.once('error', reject);
    socket.once('connect', () => {
      // From here on an error is the other side's right.
      socket.off('error', reject).on('error', () => undefined);
      socket.write(text);
      resolve({ socket, received: () => received, closed });
    });
  });
}

/** Sends bytes and gives everything that comes back until the other side hangs up. */
export async function exchange(port: number, text: string | Buffer): Promise<string> {
  const { received, closed } = await wire(port, text);
  await closed;
  return received();
}
