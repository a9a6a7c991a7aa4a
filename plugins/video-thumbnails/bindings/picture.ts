import { FilterGraph, Frame } from 'node-av/lib';
import type { RawPixels } from '../../sdk/index.ts';

interface Shape {
  frame: Frame;
  /** Of the stream, which counts where the frame has none. */
  aspect: { num: number; den: number };
}

/** Rows without padding. */
function pixelsOf(frame: Frame): RawPixels {
  const { width, height } = frame;
  const [plane] = frame.data ?? [];
  const stride = frame.linesize[0] ?? 0;
  const data = Buffer.allocUnsafe(width * height * 3);
  for (let row = 0; row < height; row++) plane?.copy(data, row * width * 3, row * stride, row * stride + width * 3);
  return { data, width, height, channels: 3 };
}

/** Makes pictures of frames by FFmpeg's filters, as its programs do; `filters` end in rgb24. */
export function pictures(filters: string) {
  let graph: FilterGraph | undefined;
  let made = '';

  function open({ frame, aspect }: Shape): FilterGraph {
    const own = frame.sampleAspectRatio;
    const { num, den } = own.num > 0 && own.den > 0 ? own : aspect;
    const source =
      `video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}:time_base=1/1000:pixel_aspect=${Math.max(0, num)}/${Math.max(1, den)}` +
      `:colorspace=${frame.colorSpace}:range=${frame.colorRange}`;
    if (graph && source === made) return graph;
    graph?.free();
    const next = new FilterGraph();
    next.alloc();
    next.nbThreads = 1;
    if (next.parsePtr(`buffer@in=${source},${filters},buffersink@out`) < 0 || next.configSync() < 0)
      throw new Error('FFmpeg does not take the filters for this frame');
    [graph, made] = [next, source];
    return next;
  }

  return {
    of(shape: Shape): RawPixels {
      const opened = open(shape);
      const done = new Frame();
      done.alloc();
      try {
        const [first, last] = [opened.getFilter('buffer@in'), opened.getFilter('buffersink@out')];
        if ((first?.buffersrcAddFrameSync(shape.frame) ?? -1) < 0 || (last?.buffersinkGetFrameSync(done) ?? -1) < 0)
          throw new Error('FFmpeg made no picture of a frame');
        return pixelsOf(done);
      } finally {
        done.free();
      }
    },
    close: (): void => graph?.free(),
  };
}
