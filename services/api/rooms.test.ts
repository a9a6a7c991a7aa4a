import { maxRooms, RoomsQuery, roomsOf } from './rooms.ts';

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('rooms of an event', () => {
  it.each([
    [{ id }, [`asset:${id}`]],
    [{ assetId: id, session: 's' }, [`asset:${id}`, 'session:s']],
    [{ id, session: 's', client: 'c' }, [`asset:${id}`, 'session:s', 'client:c']],
    [{ names: ['dog'] }, []],
  ])('%j are %j', (told, rooms) => {
    expect(roomsOf(told)).toEqual(rooms);
  });
});

describe('rooms of a query', () => {
  const rooms = (query: object) => [...RoomsQuery.parse(query).rooms];
  it('are all that it names, or all', () => {
    expect(rooms({})).toEqual(['all']);
    expect(rooms({ since: 'x-1' })).toEqual(['all']);
    expect(rooms({ asset: id, session: ['a', 'b', 'a'] })).toEqual([`asset:${id}`, 'session:a', 'session:b']);
  });
  it('are so many at most', () => {
    const names = (count: number, prefix: string) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
    expect(rooms({ session: names(maxRooms, 's') })).toHaveLength(maxRooms);
    expect(RoomsQuery.safeParse({ session: names(maxRooms + 1, 's') }).success).toBe(false);
    expect(RoomsQuery.safeParse({ session: names(60, 's'), client: names(60, 'c') }).success).toBe(false);
  });
});
