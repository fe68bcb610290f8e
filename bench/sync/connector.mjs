import { createHash } from 'node:crypto';
import path from 'node:path';
import { defineConnector, PROJECT, SETTINGS } from '@rollcall/connector-kit';
import { linesOf } from './lines.mjs';

const PAGE = 1000;

/** Reads NDJSON: as little of a connector as can be, so that the pipeline is what is measured. Hashes the line before parsing. */
export const ndjson = defineConnector({
  id: 'bench-ndjson',
  apiVersion: 1,
  title: 'NDJSON for benches',
  settings: {
    type: 'object',
    properties: { file: { type: 'string' } },
    required: ['file'],
    additionalProperties: false,
  },
  capabilities: { kinds: ['user'], full: true, delta: false, one: false, notifications: false },
  needs: { settings: SETTINGS, project: PROJECT },
  create: ({ settings, project }) => ({
    check: async () => ({ steps: [], sample: [] }),
    async *readFull(request) {
      const begin = await request.mark();
      let observations = [];
      for await (const lines of linesOf(path.resolve(project.root, settings.file))) {
        for (const line of lines) {
          const hash = createHash('sha256').update(line).digest('hex').slice(0, 32);
          const raw = JSON.parse(line.toString());
          observations.push({ sourceId: raw.id, raw, hash });
          if (observations.length === PAGE) {
            yield { kind: 'user', begin, observations };
            observations = [];
          }
        }
      }
      yield { kind: 'user', begin, observations, complete: [{ kind: 'user', scope: '*', proof: 'end of file' }] };
    },
  }),
});
