import type { Network, Tensor } from './model.ts';
import { nsfwModel, sourceOf } from './packages.ts';

/** MobileNetV2 (Sandler et al. 2018), trained on by nsfwjs to tell five kinds of pictures apart. */
export const mobilenet: Network = {
  name: 'mobilenet',
  source: () => sourceOf('nsfwjs'),
  load: nsfwModel,
  input: { edge: 224, scale: 1 / 255, offset: 0 },
  outputs: ['dense_3', 'block_10_project_BN'],
};

/** How likely the picture is of a kind; they add up to 1. */
export interface Kinds {
  drawing: number;
  hentai: number;
  neutral: number;
  porn: number;
  sexy: number;
}

/** @param scores [1, 5], in the order of nsfwjs's `nsfw_classes` */
export function decodeKinds({ data }: Tensor): Kinds {
  const [drawing = 0, hentai = 0, neutral = 0, porn = 0, sexy = 0] = data;
  return { drawing, hentai, neutral, porn, sexy };
}

/**
 * The means of the channels (global average pooling): what is in the picture, wherever it is.
 * @param features [1, rows, columns, channels]
 */
export function pool({ shape, data }: Tensor): number[] {
  const channels = shape.at(-1) ?? 1;
  const cells = data.length / channels;
  return Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let at = channel; at < data.length; at += channels) sum += data[at]!;
    return sum / cells;
  });
}
