import { Poll } from '@lumino/polling';

import type { RegistryModel } from './model';

/** A registry that cannot be had is asked for less and less often, down to this. */
const MOST_SECONDS = 5;

/** Who is looking. */
export interface Audience {
  /** Whether anybody sees the sidebar or a page. */
  isThere(): boolean;
  /** The registries of the pages that are seen. */
  registries(): Iterable<string>;
}

/**
 * Keeps what is shown up to date: asks where the registry stands, every second or so, while somebody looks.
 */
export class Live {
  constructor(
    private readonly model: RegistryModel,
    private readonly audience: Audience,
    seconds: number
  ) {
    this.poll = new Poll({
      name: 'nbregistry:head',
      factory: () => this.look(),
      frequency: frequency(seconds),
      standby: () => document.hidden || !audience.isThere()
    });
  }

  every(seconds: number): void {
    this.poll.frequency = frequency(seconds);
  }

  /** Ask at once. */
  async now(): Promise<void> {
    await this.poll.refresh();
  }

  private async look(): Promise<void> {
    await this.model.refresh();
    const others = new Set(this.audience.registries());
    others.delete(this.model.path ?? '');
    // A page of a registry that is gone says so itself.
    await Promise.allSettled([...others].map(registry => this.model.heads.look(registry)));
    if (this.model.failure) {
      throw new Error(this.model.failure.message);
    }
  }

  private readonly poll: Poll;
}

/** How often to ask, for the poll: it wants its longest pause to be no shorter than the usual one. */
export function frequency(seconds: number): { interval: number; backoff: boolean; max: number } {
  return { interval: seconds * 1000, backoff: true, max: Math.max(MOST_SECONDS, seconds) * 1000 };
}
