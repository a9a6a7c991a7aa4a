export const tooLarge = 'The frames of the video are too large: more than 50 megapixels each';

/** What ffmpeg says when it gives up, and what that means for whoever has the file. The first that fits counts. */
const meanings: readonly [said: RegExp, meaning: string][] = [
  [/max pixel count|Picture size .* is invalid|Invalid image size/i, tooLarge],
  [/matches no streams|does not contain any stream/i, 'The file holds no moving pictures'],
  [/moov atom not found/i, 'The video is cut off or damaged: its table of contents is missing'],
  [
    /Decoder .* not found|no decoder|Unknown decoder|Could not find codec parameters/i,
    'The video is in a coding that cannot be read here',
  ],
  [/Permission denied|No such file/i, 'The original of the video could not be opened'],
];

/** Without paths, addresses or anything else of this machine: those who own the file read it. */
export const inWords = (said: string): string =>
  meanings.find(([pattern]) => pattern.test(said))?.[1] ?? 'The video is damaged or cut off: it cannot be decoded';
