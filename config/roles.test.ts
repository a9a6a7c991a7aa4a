import { hostedPlugins, hostedServices, neededPorts, roles, serviceNames, type Role } from './roles.ts';

const wish = (role: Role, more: { services?: string[]; plugins?: string[] } = {}) => ({
  role,
  services: more.services,
  plugins: more.plugins,
});

describe('what a node does', () => {
  it('is by its role', () => {
    expect(hostedServices(wish('all'))).toEqual(serviceNames);
    expect(hostedServices(wish('edge'))).toEqual(['nodes', 'media', 'api']);
    expect(hostedServices(wish('worker'))).toEqual(['nodes']);
    expect(hostedServices(wish('core'))).not.toContain('api');
  });

  it('is everything where one node of each role is there', () => {
    const hosted = new Set(['edge', 'core'].flatMap((role) => hostedServices(wish(role as Role))));
    expect([...hosted].sort()).toEqual([...serviceNames].sort());
    expect(hostedPlugins(wish('worker'))).toBeUndefined();
  });

  it('is what is wished for instead of its role, in the order of starting, and telling of itself', () => {
    expect(hostedServices(wish('worker', { services: ['api', 'media'] }))).toEqual(['nodes', 'media', 'api']);
  });
});

describe('the enrichers of a node', () => {
  it.each([
    ['all', undefined, undefined],
    ['worker', undefined, undefined],
    ['edge', undefined, []],
    ['core', undefined, []],
    ['core', ['palette'], ['palette']],
    ['worker', ['palette', 'tags'], ['palette', 'tags']],
    ['worker', ['none'], []],
  ] as const)('of the role %s with %j are %j', (role, plugins, expected) => {
    expect(hostedPlugins({ role, plugins })).toEqual(expected);
  });
});

describe('the ports of a node', () => {
  it.each([
    ['all', {}, ['blobs', 'channel', 'records', 'search']],
    ['core', {}, ['blobs', 'channel', 'records', 'search']],
    ['edge', {}, ['blobs', 'records']],
    ['worker', {}, ['blobs']],
    ['worker', { plugins: ['none'] }, []],
    ['core', { services: ['search'] }, ['search']],
    ['core', { services: ['pipeline'] }, ['channel', 'records']],
    ['core', { services: ['tags'], plugins: ['palette'] }, ['blobs', 'records']],
    ['edge', { services: ['api'] }, ['blobs', 'records']],
  ] as const)('of the role %s with %j are %j: no others', (role, more, expected) => {
    expect(neededPorts({ role, services: undefined, plugins: undefined, ...more }).sort()).toEqual(expected);
  });

  it('are at most those that there are, whatever the role', () => {
    for (const role of roles) expect(new Set(neededPorts(wish(role))).size).toBe(neededPorts(wish(role)).length);
  });
});
