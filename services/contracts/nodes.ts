import { z } from 'zod';
import { contract } from './contract.ts';

export const MeshNode = z.object({
  id: z.string().describe('Its name: VITRAIL_NODE_ID'),
  role: z.string().describe('all, edge, core or worker; ops is a console'),
  version: z.string().describe('Of Vitrail'),
  services: z.array(z.string()).describe('What it hosts, enrichers included'),
  load: z.number().min(0).max(100).nullable().describe('Use of its processors in percent, where it has told'),
  slots: z.int().describe('Child processes that enrich there at most'),
  since: z.iso.datetime().describe('When it was started'),
  available: z.boolean().describe('Whether it is heard of at this moment'),
  notes: z.array(z.string()).describe('In what it disagrees with the node that answers'),
});
export type MeshNode = z.infer<typeof MeshNode>;

export const nodes = contract('nodes', {
  list: {
    rest: 'GET /nodes',
    summary: 'The nodes of the mesh, as the one that answers knows them',
    params: z.strictObject({}),
    result: z.object({ items: z.array(MeshNode) }),
  },
});
