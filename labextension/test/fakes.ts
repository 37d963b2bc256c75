import type { Api, Head, ModelRow, VersionRow } from '../src/api';
import { RegistryFailure, failure } from '../src/request';

export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise(resolve => setTimeout(resolve));
  }
};

export function versionRow(name: string, version: number): VersionRow {
  return {
    ref: `${name}@${version}`,
    name,
    version,
    aliases: [],
    badges: [],
    metric: null,
    algorithm: 'A',
    description: '',
    created_at: '2026-11-22T00:00:00Z',
    created_by: 'ada'
  };
}

function modelRow(name: string, versions: number): ModelRow {
  return {
    name,
    versions,
    latest: versions,
    aliases: [],
    champion: null,
    metric: null,
    updated_at: '2026-11-22T00:00:00Z'
  };
}

/** A registry behind the API, in memory: what the server would say of it. */
export class FakeRegistry {
  readonly models = new Map<string, number>();
  seq = 1;
  trusted = 0;
  gone = false;
  isReadOnly = false;
  metrics = ['auc'];
  asked: string[] = [];

  register(name: string): void {
    this.models.set(name, (this.models.get(name) ?? 0) + 1);
    this.seq++;
  }

  get api(): Api {
    const check = (): void => {
      if (this.gone) {
        throw new RegistryFailure(failure('NotFound', 'the registry is gone'));
      }
    };
    const api: Partial<Api> = {
      registries: async () => ({
        registries: [
          { path: 'a/.nbregistry', name: 'a', read_only: false },
          { path: 'b/.nbregistry', name: 'b', read_only: true }
        ],
        nearest: 'a/.nbregistry'
      }),
      head: async (): Promise<Head> => {
        check();
        const versions = [...this.models.values()].reduce((sum, count) => sum + count, 0);
        return {
          seq: this.seq,
          digest: `d${this.seq}`,
          etag: `"${this.seq} ${this.trusted}"`,
          models: this.models.size,
          versions,
          read_only: this.isReadOnly
        };
      },
      models: async (registry, { q, offset, limit }) => {
        check();
        this.asked.push(`models ${registry} ${q}`);
        if (q.includes('>')) {
          throw new RegistryFailure(failure('InvalidFilter', 'no such field'));
        }
        const rows = [...this.models]
          .filter(([name]) => name.includes(q))
          .map(([name, count]) => modelRow(name, count));
        return { rows: rows.slice(offset, offset + limit), offset, total: rows.length, where: q, lacking: [] };
      },
      versions: async (_registry, name, _sort, { offset, limit }) => {
        check();
        this.asked.push(`versions ${name} ${offset}`);
        const total = this.models.get(name) ?? 0;
        const rows = Array.from({ length: total }, (_, n) => versionRow(name, total - n));
        return {
          rows: rows.slice(offset, offset + limit),
          offset,
          total,
          where: '',
          metric: this.metrics[0] ?? '',
          metrics: this.metrics
        };
      }
    };
    return api as Api;
  }
}
