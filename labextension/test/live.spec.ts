import { Poll } from '@lumino/polling';
import { describe, expect, it } from 'vitest';

import { Places } from '../src/registry/places';
import { frequency } from '../src/registry/live';
import { FakeRegistry } from './fakes';

describe('frequency', () => {
  it.each([0.5, 1, 5, 6, 60, 3600])('of %d seconds is one that a poll takes', seconds => {
    const poll = new Poll({ factory: async () => undefined, auto: false });
    poll.frequency = frequency(seconds);
    expect(poll.frequency.interval).toBe(seconds * 1000);
    poll.dispose();
  });
});

describe('Places', () => {
  it('looks for a registry again after a while, not each time', async () => {
    let looked = 0;
    const { api } = new FakeRegistry();
    const places = new Places({
      registries: near => {
        looked++;
        return api.registries(near);
      }
    });
    await places.lookAgain(10_000);
    await places.lookAgain(11_000);
    await places.lookAgain(12_000);
    expect(looked).toBe(1);
    await places.lookAgain(16_000);
    expect(looked).toBe(2);
  });

  it('follows the notebook unless another registry is asked for', async () => {
    const places = new Places(new FakeRegistry().api);
    await places.follow('a/nb.ipynb');
    places.show('b/.nbregistry');
    expect([places.picked, places.path]).toEqual(['b/.nbregistry', 'b/.nbregistry']);
    places.show('a/.nbregistry');
    expect([places.picked, places.path]).toEqual([null, 'a/.nbregistry']);
  });
});
