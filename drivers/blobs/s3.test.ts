import { Client } from 'minio';
import { blobsConformance } from '../../test/conformance/blobs.ts';
import { ownName, withServers } from '../../test/fixtures/servers.ts';
import { openS3Blobs } from './s3.ts';

withServers(['s3'], (env) => {
  const bucket = ownName();
  const access = {
    endpoint: env.VITRAIL_S3_ENDPOINT,
    accessKey: env.VITRAIL_S3_ACCESS_KEY,
    secretKey: env.VITRAIL_S3_SECRET_KEY,
    bucket,
  };
  void Client;

  blobsConformance('s3', (place) => openS3Blobs({ ...access, prefix: `${place}/` }));
});
