import { AVDISCARD_ALL, AV_DISPOSITION_ATTACHED_PIC, AV_PKT_DATA_DISPLAYMATRIX, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { avGetCodecName, Codec, CodecContext, Dictionary, FormatContext, type Stream } from 'node-av/lib';
import { PermanentError } from '../../sdk/index.ts';
import { MAX_FRAME_PIXELS, type Source } from '../reader.ts';
import { inWords, tooLarge } from '../words.ts';
import { upright } from './upright.ts';

/** A clip that is open: its container, its stream of moving pictures and the decoder of that. */
export interface Clip {
  format: FormatContext;
  stream: Stream;
  decoder: CodecContext;
  codec: string;
  headerMs: number | undefined;
  /** Milliseconds from the start of the clip for a timestamp of the stream. */
  ms(timestamp: bigint): number;
  timestamp(ms: number): bigint;
  /** Filters that turn its frames upright. */
  upright: string[];
  close(): Promise<void>;
}

export interface Decoding {
  /** Frames that the decoder leaves out. */
  skip: 'nokey' | 'noref';
  deblock: boolean;
}

const damaged = (): PermanentError => new PermanentError(inWords(''));
const largest = String(MAX_FRAME_PIXELS);

/** Refused by what the header says, before anything is decoded. */
function refuseLarge(streams: readonly Stream[]): void {
  if (streams.some(({ codecpar: { width, height } }) => width * height > MAX_FRAME_PIXELS)) throw new PermanentError(tooLarge);
}

const moving = (stream: Stream): boolean =>
  stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO && (Number(stream.disposition) & Number(AV_DISPOSITION_ATTACHED_PIC)) === 0;

async function openDecoder(stream: Stream, { skip, deblock }: Decoding): Promise<CodecContext> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (!codec) throw new PermanentError('The video is in a coding that cannot be read here');
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  stream.codecpar.toContext(decoder);
  decoder.pktTimebase = stream.timeBase;
  const options = { threads: '1', skip_frame: skip, max_pixels: largest, skip_loop_filter: deblock ? 'default' : 'all' };
  if ((await decoder.open2(codec, Dictionary.fromObject(options))) >= 0) return decoder;
  decoder.freeContext();
  throw damaged();
}

/** @throws PermanentError in words for people. */
export async function openClip({ path, demuxer }: Source, decoding: Decoding): Promise<Clip> {
  const format = new FormatContext();
  const options = { protocol_whitelist: 'file', format_whitelist: names[demuxer] ?? demuxer };
  if ((await format.openInput(`file:${path}`, null, Dictionary.fromObject(options))) < 0) throw damaged();
  let decoder: CodecContext | undefined;
  try {
    refuseLarge(format.streams);
    // Decodes some frames. Only the call that waits takes the limit.
    if (format.findStreamInfoSync(Dictionary.fromObject({ threads: '1', max_pixels: largest })) < 0) throw damaged();
    refuseLarge(format.streams);
    const stream = format.streams.find(moving);
    if (!stream) throw new PermanentError('The file holds no moving pictures');
    for (const other of format.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
    decoder = await openDecoder(stream, decoding);
    const open = decoder;
    const tickMs = (1000 * stream.timeBase.num) / stream.timeBase.den;
    // As FFmpeg's programs count: from where the first of all streams begins.
    const startMs = format.startTime > -(2n ** 62n) ? Number(format.startTime) / 1000 : 0;
    return {
      ...{ format, stream, decoder },
      codec: avGetCodecName(stream.codecpar.codecId) ?? '',
      headerMs: format.duration > 0n ? Number(format.duration) / 1000 : undefined,
      ms: (timestamp) => Number(timestamp) * tickMs - startMs,
      timestamp: (ms) => BigInt(Math.round((ms + startMs) / tickMs)),
      upright: upright(stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX)),
      async close() {
        open.freeContext();
        await format.closeInput();
      },
    };
  } catch (error) {
    decoder?.freeContext();
    await format.closeInput();
    throw error;
  }
}

/** FFmpeg allows a format by its name, which for some is a list. */
const names: Record<string, string> = { mov: 'mov,mp4,m4a,3gp,3g2,mj2', matroska: 'matroska,webm' };
