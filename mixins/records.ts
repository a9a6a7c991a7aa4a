import type { Service, ServiceBroker, ServiceSchema } from 'moleculer';
import DbService from 'moleculer-db';
import { portsOf } from '../config/ports.ts';
import type { Collection, Records } from '../drivers/records/port.ts';

/** A service that keeps a collection: moleculer-db connects its adapter before `started`. */
export interface RecordsService<T extends { id: string }> extends Service {
  adapter: Records<T>;
}

/** moleculer-db's own actions: unauthenticated CRUD with operators from outside, so none of them exists here. */
const unwanted = ['find', 'count', 'list', 'create', 'insert', 'get', 'update', 'remove'];

/**
 * moleculer-db wants its adapter when the service is created, but the record store opens only while the broker starts. So each
 * service gets a stand-in, which puts the collection's adapter in its place on connect.
 */
const adapterOf = (collection: Collection) => ({
  init(broker: ServiceBroker, service: Service & { adapter: unknown }) {
    service.adapter = {
      connect() {
        service.adapter = portsOf(broker).records.collection(collection);
        return Promise.resolve();
      },
    };
  },
});

/** Mixes moleculer-db in over a collection of the profile's record store. */
export function records(collection: Collection): Partial<ServiceSchema> {
  const schema = {
    mixins: [DbService as unknown as Partial<ServiceSchema>],
    adapter: adapterOf(collection),
    settings: { idField: 'id' },
    actions: Object.fromEntries(unwanted.map((action) => [action, false as const])),
  };
  return schema as Partial<ServiceSchema>;
}
