import type { BlobStore } from '../../drivers/blobs/port.ts';
import type { OnWaiting, OpenPorts } from '../ports.ts';
import type { Config } from '../variables.ts';
import type { DataSet, Side } from './data-set.ts';

/** What the profile says stands behind the ports. The drivers of other profiles are not even loaded. */
export async function openPorts(config: Config, onWaiting: OnWaiting = () => undefined): Promise<OpenPorts> {
  switch (config.profile) {
    case 'embedded':
      return (await import('./embedded.ts')).openEmbedded(config);
    case 'distributed':
      return (await import('./distributed.ts')).openDistributed(config, onWaiting);
  }
}

/**
 * The blob store alone, for child processes: beside the process that holds the ports, with no claim on the data folder, and without a
 * question to a server.
 */
export async function joinBlobs(config: Config): Promise<BlobStore> {
  switch (config.profile) {
    case 'embedded':
      return (await import('./embedded.ts')).openEmbeddedBlobs(config);
    case 'distributed':
      return (await import('./distributed.ts')).joinDistributedBlobs(config);
  }
}

/** What a profile keeps, for one who moves it: no node is to be at work on it meanwhile. */
export async function openData(config: Config, side: Side, onWaiting: OnWaiting): Promise<DataSet> {
  switch (config.profile) {
    case 'embedded':
      return (await import('./embedded.ts')).openEmbeddedData(config, side);
    case 'distributed':
      return (await import('./distributed.ts')).openDistributedData(config, side, onWaiting);
  }
}
