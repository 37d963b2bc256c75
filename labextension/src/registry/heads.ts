import { Signal, type ISignal } from '@lumino/signaling';

import type { Api, Head } from '../api';

/** Where registries stand, as was heard last: of the one in the sidebar, and of those that have an open page. */
export class Heads {
  constructor(private readonly api: Pick<Api, 'head'>) {}

  /** Emitted with the path of a registry that changed. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** The stamp of a registry; empty while nothing was heard of it. */
  stampOf(registry: string): string {
    return stampOf(this.heads.get(registry));
  }

  /** Where a registry stands; undefined while nothing was heard of it. */
  of(registry: string): Head | undefined {
    return this.heads.get(registry);
  }

  async look(registry: string): Promise<Head> {
    const head = await this.api.head(registry);
    const before = this.stampOf(registry);
    this.heads.set(registry, head);
    if (before !== stampOf(head)) {
      this._changed.emit(registry);
    }
    return head;
  }

  private readonly heads = new Map<string, Head>();
  private readonly _changed = new Signal<this, string>(this);
}

/**
 * What is the same as long as everything that is shown of a registry is. The digest of its last commit is not enough:
 * whoever trusts another key sees the same commits with other marks, and only the ETag tells.
 */
export function stampOf(head: Head | null | undefined): string {
  return head ? [head.digest, head.etag, head.read_only].join(' ') : '';
}
