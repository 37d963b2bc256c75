import { Poll } from '@lumino/polling';

import type { RegistryModel } from './model';

/** A registry that cannot be had is asked for less and less often, down to this. */
const MOST_SECONDS = 5;

/**
 * Keeps what is shown up to date: asks where the registry stands, every second or so while the page is in sight.
 */
export class Live {
  constructor(
    private readonly model: RegistryModel,
    seconds: number
  ) {
    this.poll = new Poll({
      name: 'nbregistry:head',
      factory: () => this.look(),
      frequency: { interval: seconds * 1000, backoff: true, max: MOST_SECONDS * 1000 },
      standby: 'when-hidden'
    });
  }

  every(seconds: number): void {
    this.poll.frequency = { interval: seconds * 1000, backoff: true, max: MOST_SECONDS * 1000 };
  }

  /** Ask at once. */
  async now(): Promise<void> {
    await this.poll.refresh();
  }

  private async look(): Promise<void> {
    await this.model.refresh();
    if (this.model.failure) {
      throw new Error(this.model.failure.message);
    }
  }

  dispose(): void {
    this.poll.dispose();
  }

  private readonly poll: Poll;
}
