import { z } from 'zod';
import { defineEnricher, field } from '../sdk/index.ts';
import { CHOICES } from './engines/choices.ts';

export default defineEnricher({
  name: 'tags',
  title: 'Tags',
  description: 'What is in the picture, in words, and numbers by which look-alikes are found',
  version: '1.0.0',
  resultVersion: 1,
  accepts: ['image/*', 'video/*'],
  after: ['video-thumbnails'],
  config: z.strictObject({
    engine: z
      .enum(CHOICES)
      .default('auto')
      .describe('What runs the networks: onnxruntime-node, @tensorflow/tfjs-node, or the first of them that loads'),
    confidence: z.number().min(0.2).max(0.95).default(0.48).describe('How sure a thing has to be to become a label'),
  }),
  outputs: {
    labels: field.keywords({
      title: 'Labels',
      description: 'Things, shape, light and colours of the picture, most confident first',
      tags: { confidence: 'confidences' },
    }),
    confidences: field.floats({
      title: 'Confidences',
      description: 'How sure each label is, 0–1, in their order',
      min: 0,
      max: 1,
      filter: false,
    }),
    faces: field.integer({ title: 'Faces', description: 'How many faces are clearly seen', min: 0 }),
    needsReview: field.boolean({
      title: 'May need a look',
      description: 'A hint, never a verdict: a network finds it like pornographic pictures, and is often wrong',
    }),
    reviewScore: field.float({
      title: 'Review score',
      description: 'How strongly it hints at that, 0–1. Skin colours, wood and flowers raise it as well',
      min: 0,
      max: 1,
    }),
    embedding: field.vector({
      title: 'Embedding',
      description: 'What it looks like, as a direction in 96 dimensions: look-alikes point the same way',
      length: 96,
    }),
  },
  run: { concurrency: 2, timeoutMs: 30_000 },
  async missing({ env }, { engine }) {
    const { missingEngine } = await import('./engines/missing.ts');
    return missingEngine(engine, env);
  },
  async setup({ engine }, { cache }) {
    const { startNetworks } = await import('./thread/thread.ts');
    await startNetworks({ engine, cache });
  },
  async enrich(_asset, { still, config, signal }) {
    signal.throwIfAborted();
    // Loaded where it runs: the serving process reads only the declaration.
    const [{ EDGE, squaresOf }, { networks }, { tonesOf, TONES_EDGE }, { judge }] = await Promise.all([
      import('./squares.ts'),
      import('./thread/thread.ts'),
      import('./labels/tones.ts'),
      import('./judge.ts'),
    ]);
    const large = await still.raw(EDGE);
    signal.throwIfAborted();
    const small = await still.raw(TONES_EDGE);
    signal.throwIfAborted();
    const squares = await squaresOf(large);
    signal.throwIfAborted();
    const thread = await networks(config.engine);
    signal.throwIfAborted();
    // Counted while the networks run beside. Should both fail, both are heard: a rejection that nobody hears ends the process.
    const count = async () => tonesOf(small);
    const [seen, tones] = await Promise.all([thread.look(squares), count()]);
    signal.throwIfAborted();
    return judge(seen, tones, still, config.confidence);
  },
});
