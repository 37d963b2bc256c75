import type { Query, Requester, Tagged } from './request';
import type { components } from './schema';

type Schemas = components['schemas'];

export type Registries = Schemas['Registries'];
export type RegistryPlace = Schemas['Registry'];
export type Head = Tagged<Schemas['Head']>;
export type ModelRow = Schemas['ModelRow'];
export type ModelPage = Schemas['ModelPage'];
export type Lacking = Schemas['Lacking'];
export type VersionRow = Schemas['VersionRow'];
export type VersionPage = Schemas['VersionPage'];
export type Version = Schemas['Version'];
export type Comparison = Schemas['Comparison'];
export type SectionHead = Schemas['SectionHead'];
export type Section = Schemas['Section'];
export type Form = Schemas['Form'];
export type Field = Schemas['Field'];
export type Line = Schemas['Line'];
export type Measure = Schemas['Measure'];
export type Badge = Schemas['Badge'];
export type Change = Schemas['Change'];
export type ChangeResult = Schemas['ChangeResult'];
export type ExportResult = Schemas['ExportResult'];
export type Failure = Schemas['Failure'];

/** Which rows of a list. */
export interface Choice {
  q: string;
  offset: number;
  limit: number;
  metric: string;
}

/** The verbs of a registry, as the Jupyter server has them. Each refuses with a `RegistryFailure`. */
export class Api {
  constructor(private readonly requester: Requester) {}

  registries(near: string): Promise<Registries> {
    return this.requester.get('registries', { near });
  }

  head(registry: string): Promise<Head> {
    return this.requester.getTagged('head', { registry });
  }

  models(registry: string, choice: Choice): Promise<ModelPage> {
    return this.requester.get('models', { registry, ...choice });
  }

  versions(registry: string, name: string, sort: string, choice: Choice): Promise<VersionPage> {
    return this.requester.get('versions', { registry, name, sort, ...choice });
  }

  version(registry: string, ref: string): Promise<Version> {
    return this.requester.get('version', { registry, ref });
  }

  compare(registry: string, refs: readonly string[]): Promise<Comparison> {
    return this.requester.get('compare', { registry, ref: refs });
  }

  section(registry: string, id: string, refs: readonly string[]): Promise<Section> {
    const query: Query = { registry, id, ref: refs };
    return this.requester.get('section', query);
  }

  change(registry: string, change: Change, dryRun: boolean): Promise<ChangeResult> {
    return this.requester.post('change', { registry, change, dry_run: dryRun });
  }

  export(registry: string, ref: string, path: string): Promise<ExportResult> {
    return this.requester.post('export', { registry, ref, path });
  }
}
