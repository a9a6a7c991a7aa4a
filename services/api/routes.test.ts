import { media } from '../contracts/media.ts';
import { actionAliases, actionRoutes, methodsAt } from './routes.ts';

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('routes', () => {
  it('lead to the actions that contracts publish, and to no others', () => {
    expect(actionAliases()).toMatchObject({
      'GET /assets/:id': media.get.name,
      'HEAD /assets/:id': media.get.name,
      'DELETE /assets/:id': media.remove.name,
    });
    const internal = [media.create, media.project, media.claims].map(({ name }) => name);
    expect(actionRoutes.map(({ action }) => action.name)).not.toEqual(expect.arrayContaining([internal[0]]));
    for (const name of internal) expect(Object.values(actionAliases())).not.toContain(name);
  });

  it.each([
    ['/api/assets', ['POST']],
    [`/api/assets/${id}`, ['DELETE', 'GET', 'HEAD', 'PATCH']],
    [`/api/assets/${id}/`, ['DELETE', 'GET', 'HEAD', 'PATCH']],
    [`/api/assets/${id}/enrichments/palette/replay`, ['POST']],
    ['/api/search', ['GET', 'HEAD']],
    ['/api/events', ['GET', 'HEAD']],
    ['/api/openapi.json', ['GET', 'HEAD']],
    ['/api/openapixjson', []],
    ['/api/assets/a/b', []],
    ['/api/~node/options', []],
    ['/api/list-aliases', []],
    ['/API/search', []],
    ['/api', []],
  ])('%s answers %j', (path, methods) => {
    expect(methodsAt(path)).toEqual(methods);
  });
});
