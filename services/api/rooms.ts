import { z } from 'zod';
import { Id, Label } from '../contracts/asset.ts';

/** What an event says: it concerns one asset, with what that came first, or none in particular. */
export type Told = ({ id: string } | { assetId: string } | { names: string[] }) & {
  session?: string | undefined;
  client?: string | undefined;
};

/** What an event is about and a client listens to: `all`, one asset, or those that came with one session or client. */
export const Room = z.union([
  z.literal('all'),
  z.templateLiteral(['asset:', Id]),
  z.templateLiteral(['session:', Label]),
  z.templateLiteral(['client:', Label]),
]);
export type Room = z.output<typeof Room>;

/** Rooms that one client may be in. */
export const maxRooms = 100;

/** The rooms that an event is told in, besides `all`. */
export function roomsOf(told: Told): Room[] {
  const asset = 'assetId' in told ? told.assetId : 'id' in told ? told.id : undefined;
  const { session, client } = told;
  return [
    ...(asset === undefined ? [] : [`asset:${asset}` as const]),
    ...(session === undefined ? [] : [`session:${session}` as const]),
    ...(client === undefined ? [] : [`client:${client}` as const]),
  ];
}

const several = <S extends z.ZodType>(of: S) =>
  z
    .union([of.transform((one) => [one]), z.array(of).max(maxRooms)])
    .optional()
    .transform((values) => values ?? []);

/** The rooms of a query: each parameter perhaps several times; everything, where none is named. */
export const RoomsQuery = z
  .strictObject({
    asset: several(Id),
    session: several(Label),
    client: several(Label),
    since: z.string().max(100).optional(),
  })
  .transform(({ since, ...named }) => {
    const rooms = Object.entries(named).flatMap(([kind, names]) => names.map((name) => `${kind}:${name}` as Room));
    return { rooms: new Set<Room>(rooms.length > 0 ? rooms : ['all']), since };
  })
  .refine(({ rooms }) => rooms.size <= maxRooms, `a client can be in ${maxRooms} rooms`);
