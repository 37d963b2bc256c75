import { Signal, type ISignal } from '@lumino/signaling';

import type { Api, Head } from '../api';

/** Where registries stand, as was heard last: of the one in the sidebar, and of those that have an open page. */
export class Heads {
  constructor(private readonly api: Pick<Api, 'head'>) {}

  /** Emitted with the path of a registry that changed. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** What tells that a registry is the same as before; empty while nothing was heard of it. */
  digestOf(registry: string): string {
    return this.heads.get(registry)?.digest ?? '';
  }

  async look(registry: string): Promise<Head> {
    const head = await this.api.head(registry);
    const before = this.heads.get(registry);
    this.heads.set(registry, head);
    if (before?.digest !== head.digest) {
      this._changed.emit(registry);
    }
    return head;
  }

  private readonly heads = new Map<string, Head>();
  private readonly _changed = new Signal<this, string>(this);
}
