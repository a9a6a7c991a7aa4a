/** What the page asks of its server. The key, where one is needed, lives until the tab is closed. */

const { sessionStorage: kept, TextDecoderStream } = window;
const name = 'vitrail-key';

export const hasKey = () => kept.getItem(name) !== null;
export const keepKey = (key) => kept.setItem(name, key);
export const dropKey = () => kept.removeItem(name);

/** A good answer. @throws Error with the server's own words and, where it answered, its status */
export async function ask(path, init) {
  const headers = hasKey() ? { 'X-API-Key': kept.getItem(name) } : {};
  const answer = await fetch(path, { ...init, headers }).catch(() => {
    throw new Error('The server does not answer');
  });
  if (answer.ok) return answer;
  const { title = `The server answered ${answer.status}`, detail = '' } = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(`${title}. ${detail}`), { status: answer.status });
}

export const askJson = async (path) => (await ask(path)).json();

/** The address of bytes that need a key. Whoever gets it revokes it. */
export const blobUrl = async (path) => URL.createObjectURL(await (await ask(path)).blob());

/** Reads the server's events until the connection ends. Not by EventSource, which cannot send a key. */
export async function readEvents(onEvent, signal) {
  const reader = (await ask('/api/events', { signal })).body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const frames = (text + value).split('\n\n');
    text = frames.pop();
    for (const frame of frames) {
      const [, event, data] = /^event: (.+)\ndata: (.+)$/m.exec(frame) ?? [];
      if (event) onEvent(event, JSON.parse(data));
    }
  }
}
