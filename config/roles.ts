/** The services there are, in the order in which a node starts them. */
export const serviceNames = ['nodes', 'media', 'tags', 'ingest', 'search', 'pipeline', 'api'] as const;
export type ServiceName = (typeof serviceNames)[number];

export const roles = ['all', 'edge', 'core', 'worker'] as const;
export type Role = (typeof roles)[number];

/** Media live where bytes are served, and where records are worked on: neither waits for the other's node. */
const ofRole: Record<Role, readonly ServiceName[]> = {
  all: serviceNames,
  edge: ['nodes', 'media', 'api'],
  core: ['nodes', 'media', 'tags', 'ingest', 'search', 'pipeline'],
  worker: ['nodes'],
};

/** What stands behind services; enrichers read and write bytes. */
export type PortName = 'blobs' | 'records' | 'search' | 'channel';

const portsOfService: Record<ServiceName, readonly PortName[]> = {
  nodes: [],
  media: ['records', 'blobs'],
  tags: ['records'],
  ingest: ['records', 'blobs'],
  search: ['search'],
  pipeline: ['records', 'channel'],
  api: ['blobs', 'records'],
};

interface Wish {
  role: Role;
  services: readonly string[] | undefined;
  plugins: readonly string[] | undefined;
}

/** The services that a node hosts. Every node tells of itself, so `nodes` is always among them. */
export function hostedServices({ role, services }: Pick<Wish, 'role' | 'services'>): ServiceName[] {
  const wanted = new Set<string>(['nodes', ...(services ?? ofRole[role])]);
  return serviceNames.filter((name) => wanted.has(name));
}

/** The names of the enrichers that a node runs; undefined: all that its plugins file enables. */
export function hostedPlugins({ role, plugins }: Pick<Wish, 'role' | 'plugins'>): readonly string[] | undefined {
  if (plugins?.length === 1 && plugins[0] === 'none') return [];
  return plugins ?? (role === 'all' || role === 'worker' ? undefined : []);
}

/** The ports that a node needs open: those of its services, and where it runs enrichers their bytes. */
export function neededPorts(wish: Wish): PortName[] {
  const needed = new Set(hostedServices(wish).flatMap((name) => portsOfService[name]));
  if (hostedPlugins(wish)?.length !== 0) needed.add('blobs');
  return [...needed];
}
