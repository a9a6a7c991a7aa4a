import type { Engine } from './engine.ts';
import { openEngine, type Openers } from './open.ts';

const engine = (name: Engine['name']): Engine => ({ name, open: () => Promise.reject(new Error('not in this test')) });
const opens = (name: Engine['name']): Openers['onnx'] => ({ program: `${name}-package`, open: async () => engine(name) });
const fails = (name: Engine['name']): Openers['onnx'] => ({
  program: `${name}-package`,
  open: () => Promise.reject(new Error('no native part\nRequire stack: …')),
});

describe('openEngine', () => {
  it('takes the faster one where both load', async () => {
    expect((await openEngine('auto', '', { onnx: opens('onnx'), tfjs: opens('tfjs') })).name).toBe('onnx');
  });

  it('takes the other one where the first does not load', async () => {
    expect((await openEngine('auto', '', { onnx: fails('onnx'), tfjs: opens('tfjs') })).name).toBe('tfjs');
  });

  it('says of each why it does not load, in one line, and what to do', async () => {
    await expect(openEngine('auto', '', { onnx: fails('onnx'), tfjs: fails('tfjs') })).rejects.toThrow(
      /^Nothing here can run networks: onnx-package does not load \(no native part\); tfjs-package does not load \(no native part\)\. Install one of them for this system\.$/,
    );
  });

  it('takes no other than the one that a person chose', async () => {
    await expect(openEngine('tfjs', '', { onnx: opens('onnx'), tfjs: fails('tfjs') })).rejects.toThrow(/option engine to auto/);
    expect((await openEngine('tfjs', '', { onnx: opens('onnx'), tfjs: opens('tfjs') })).name).toBe('tfjs');
  });
});
