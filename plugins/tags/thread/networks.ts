import type { Engine, Session } from '../engines/engine.ts';
import { blazeface, decodeFaces } from '../networks/blazeface.ts';
import type { Detection } from '../networks/boxes.ts';
import { centernet, decodeObjects } from '../networks/centernet.ts';
import { decodeKinds, type Kinds, mobilenet, pool } from '../networks/mobilenet.ts';
import type { Network, Tensor } from '../networks/model.ts';

/** The picture as each network wants it: a square, 8 bit red, green, blue, `edge` × `edge` × 3 bytes. */
export interface Squares {
  objects: Uint8Array;
  faces: Uint8Array;
  kinds: Uint8Array;
}

/** Sides of the squares, in pixels. */
export const EDGES: Readonly<Record<keyof Squares, number>> = {
  objects: centernet.input.edge,
  faces: blazeface.input.edge,
  kinds: mobilenet.input.edge,
};

/** What the networks make of a picture, with nothing judged: every detection, however unsure. */
export interface Seen {
  /** `kind` is an index into COCO. Best first. */
  objects: Detection[];
  faces: Detection[];
  kinds: Kinds;
  /** 96 numbers, as they come. */
  features: number[];
}

function scaled(pixels: Uint8Array, { edge, scale, offset }: Network['input']): Float32Array {
  if (pixels.length !== edge * edge * 3)
    throw new RangeError(`A network was given ${pixels.length} bytes, not ${edge} × ${edge} × 3`);
  // A plain loop: Float32Array.from with a function takes as long as the largest network.
  const input = new Float32Array(pixels.length);
  for (let at = 0; at < pixels.length; at++) input[at] = pixels[at]! * scale + offset;
  return input;
}

/** All networks of one engine. */
export async function openNetworks(engine: Engine): Promise<(squares: Squares) => Promise<Seen>> {
  const open = async (network: Network): Promise<(pixels: Uint8Array) => Promise<Tensor[]>> => {
    const session: Session = await engine.open(network);
    return (pixels) => session(scaled(pixels, network.input));
  };
  const objects = await open(centernet);
  const faces = await open(blazeface);
  const kinds = await open(mobilenet);

  return async (squares) => {
    const [heat, sides] = (await objects(squares.objects)) as [Tensor, Tensor];
    const [near, far, nearPlaces, farPlaces] = (await faces(squares.faces)) as [Tensor, Tensor, Tensor, Tensor];
    const [scores, features] = (await kinds(squares.kinds)) as [Tensor, Tensor];
    return {
      objects: decodeObjects(heat, sides),
      faces: decodeFaces([near, far], [nearPlaces, farPlaces]),
      kinds: decodeKinds(scores),
      features: pool(features),
    };
  };
}
