import { beforeEach, describe, expect, it } from 'vitest';

import type { Api } from '../src/api';
import { RegistryModel } from '../src/registry/model';
import { Places } from '../src/registry/places';
import { FakeRegistry, settle } from './fakes';

let registry: FakeRegistry;
let model: RegistryModel;

/** Look at the first lines, as a view does, until they are there. */
async function shown(): Promise<string[]> {
  for (let look = 0; look < 3; look++) {
    await settle();
    model.want(0, 20);
  }
  const tree = model.tree();
  return Array.from({ length: tree.length }, (_, place) => {
    const item = tree.at(place);
    return item?.kind === 'version' ? `  ${item.row?.ref}` : (item?.row?.name ?? '…');
  });
}

beforeEach(async () => {
  registry = new FakeRegistry();
  registry.register('churn');
  registry.register('churn');
  registry.register('fraud');
  const places = new Places(registry.api);
  model = new RegistryModel(registry.api, places);
  await places.follow('a/nb.ipynb');
  await settle();
});

describe('RegistryModel', () => {
  it('opens the few models there are, newest version first', async () => {
    expect(await shown()).toEqual(['churn', '  churn@2', '  churn@1', 'fraud', '  fraud@1']);
  });

  it('closes and opens a model', async () => {
    model.toggle('churn');
    expect(await shown()).toEqual(['churn', 'fraud', '  fraud@1']);
    model.toggle('churn');
    expect(await shown()).toEqual(['churn', '  churn@2', '  churn@1', 'fraud', '  fraud@1']);
  });

  it('notices what others register, and keeps what is chosen and where the keyboard is', async () => {
    model.choose('churn@1');
    model.activate({ name: 'churn', ref: 'churn@1' });
    const said: string[] = [];
    model.said.connect((_, sentence) => said.push(sentence));
    registry.register('churn');
    await model.refresh();
    expect(await shown()).toEqual(['churn', '  churn@3', '  churn@2', '  churn@1', 'fraud', '  fraud@1']);
    expect(model.chosen).toEqual(['churn@1']);
    expect(model.tree().placeOf({ name: 'churn', ref: 'churn@1' })).toBe(3);
    expect(said).toEqual(['1 new: 4 versions now']);
  });

  it('keeps an order that was chosen before it was known which registry it is, and no longer than that one', async () => {
    const places = new Places(registry.api);
    const early = new RegistryModel(registry.api, places);
    early.sortBy('version');
    await places.follow('a/nb.ipynb');
    await settle();
    expect(early.sort).toBe('version');
    places.pick('b/.nbregistry');
    await settle();
    expect(early.sort).toBe('');
  });

  it('puts the keyboard on a line whose row is still on the way as soon as it is here', async () => {
    for (let version = 3; version <= 250; version++) {
      registry.register('churn');
    }
    await model.refresh();
    await shown();
    model.toggle('fraud');
    model.activateAt(250); // in the third page of churn's versions
    expect(model.active).toBeNull();
    model.want(250, 250);
    await settle();
    expect(model.active).toEqual({ name: 'churn', ref: 'churn@1' });
  });

  it('goes to the first version of a model that is being opened', async () => {
    model.toggle('churn');
    registry.register('churn');
    await model.refresh(); // the versions of a closed model are forgotten
    await shown();
    model.activateAt(0);
    model.toggle('churn', true);
    model.activateAt(1);
    expect(model.active).toEqual({ name: 'churn', ref: null });
    await settle();
    expect(model.active).toEqual({ name: 'churn', ref: 'churn@3' });
  });

  it('goes nowhere by itself once something else was done', async () => {
    for (let version = 3; version <= 250; version++) {
      registry.register('churn');
    }
    await model.refresh();
    await shown();
    const others = [
      (): void => model.activate({ name: 'churn', ref: 'churn@250' }),
      (): void => model.search('u'),
      (): void => model.toggle('fraud')
    ];
    for (const act of others) {
      model.activate(null);
      model.activateAt(250);
      act();
      const before = model.active;
      model.want(250, 250);
      await settle();
      expect(model.active).toEqual(before);
      model.search('');
      await shown();
    }
  });

  it('knows all metrics of models whose versions it shows, and which one stands in their lines', async () => {
    registry.metrics = ['roc_auc', 'brier'];
    expect(model.metricOf('churn')).toBe('auc');
    registry.register('churn');
    await model.refresh();
    await shown();
    expect(model.knownMetrics).toEqual(['auc', 'roc_auc', 'brier']);
    expect(model.metricOf('churn')).toBe('roc_auc');
    expect(model.metricOf('other')).toBe('');
  });

  it('has the lines of versions by their references', async () => {
    await shown();
    expect(model.rowOf('churn@1')?.version).toBe(1);
    expect([model.rowOf('churn@9'), model.rowOf('other@1'), model.rowOf(null)]).toEqual([null, null, null]);
  });

  it('knows what cannot be written from the list, and then from the registry itself', async () => {
    expect(['a/.nbregistry', 'b/.nbregistry', 'c', null].map(path => model.isReadOnly(path))).toEqual([
      false,
      true,
      false,
      false
    ]);
    registry.isReadOnly = true;
    await model.refresh();
    expect(model.isReadOnly('a/.nbregistry')).toBe(true);
  });

  it('asks for no rows while nothing changes', async () => {
    await model.refresh();
    await settle();
    registry.asked = [];
    await model.refresh();
    await settle();
    expect(registry.asked).toEqual([]);
  });

  it('asks again for what is shown and tells open pages once another key is trusted, which is no commit', async () => {
    await model.refresh();
    await shown();
    const changed: string[] = [];
    const stamp = model.heads.stampOf('a/.nbregistry');
    model.heads.changed.connect((_, path) => changed.push(path));
    registry.asked = [];
    registry.trusted++;
    await model.refresh();
    await shown();
    expect(registry.asked).toEqual(['models a/.nbregistry ', 'versions churn 0', 'versions fraud 0']);
    expect(changed).toEqual(['a/.nbregistry']);
    expect(model.heads.stampOf('a/.nbregistry')).not.toBe(stamp);
  });

  it('searches, and keeps the rows where the search cannot be read', async () => {
    model.search('fra');
    expect(await shown()).toEqual(['fraud', '  fraud@1']);
    model.search('metrics.auc >');
    await settle();
    expect(model.searchFailure?.kind).toBe('InvalidFilter');
    expect(model.failure).toBeNull();
    expect(await shown()).toEqual(['fraud', '  fraud@1']);
    model.search('');
    await settle();
    expect(model.searchFailure).toBeNull();
    expect((await shown()).length).toBe(5);
  });

  it('says that a registry vanished, and recovers when it is back', async () => {
    registry.gone = true;
    await model.refresh();
    expect(model.failure?.kind).toBe('NotFound');
    registry.gone = false;
    await model.refresh();
    expect(model.failure).toBeNull();
    expect((await shown()).length).toBe(5);
  });

  it('begins anew with another registry', async () => {
    model.choose('churn@1');
    registry.asked = [];
    model.places.pick('b/.nbregistry');
    await settle();
    expect(model.path).toBe('b/.nbregistry');
    expect(model.chosen).toEqual([]);
    expect(registry.asked[0]).toBe('models b/.nbregistry ');
    model.places.pick(null);
    await settle();
    expect(model.path).toBe('a/.nbregistry');
  });

  it('hears no answer of the registry before', async () => {
    const { api } = registry;
    const ends: (() => void)[] = [];
    const slow: Api = Object.assign(Object.create(api), {
      models: async (...asked: Parameters<Api['models']>) => {
        const page = await api.models(...asked);
        await new Promise<void>(resolve => ends.push(resolve));
        return asked[0].startsWith('b') ? { ...page, rows: page.rows.slice(1), total: 1 } : page;
      }
    });
    model = new RegistryModel(slow, new Places(api));
    for (const path of ['b/.nbregistry', 'a/.nbregistry']) {
      model.places.pick(path);
      await settle();
    }
    for (const end of [...ends]) {
      end();
      await settle();
    }
    ends.forEach(end => end());
    expect(await shown()).toEqual(['churn', '  churn@2', '  churn@1', 'fraud', '  fraud@1']);
  });

  it('asks only for what is in sight of ten thousand', async () => {
    registry.models.set('churn', 10_000);
    registry.seq++;
    registry.asked = [];
    await model.refresh();
    await shown();
    expect(model.tree().length).toBe(10_003);
    model.want(5_000, 5_030);
    await settle();
    expect(registry.asked.filter(asked => asked.startsWith('versions churn'))).toEqual([
      'versions churn 0',
      'versions churn 4900',
      'versions churn 5000'
    ]);
    expect(model.tree().at(5_001)?.row).toMatchObject({ version: 5_000 });
  });
});
