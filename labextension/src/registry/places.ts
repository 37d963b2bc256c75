import { Signal, type ISignal } from '@lumino/signaling';

import type { Api, Failure, RegistryPlace } from '../api';
import { failureOf } from '../request';

const LOOK_AGAIN = 5_000;

/**
 * Which registry is looked at: the one that was picked, or else the one that the active notebook uses.
 */
export class Places {
  constructor(private readonly api: Pick<Api, 'registries'>) {}

  /** Emitted when another registry is looked at, or the list changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** All that can be picked. */
  get all(): readonly RegistryPlace[] {
    return this._all;
  }

  /** The one that notebooks beside the active one use; null if there is none yet. */
  get nearest(): string | null {
    return this._nearest;
  }

  /** The one that was picked, or null: then the notebook's is followed. */
  get picked(): string | null {
    return this._picked;
  }

  /** The registry that is looked at; null if there is none. */
  get path(): string | null {
    return this._picked ?? this._nearest ?? this._all[0]?.path ?? null;
  }

  get failure(): Failure | null {
    return this._failure;
  }

  /** Whether the server has answered yet. */
  get isKnown(): boolean {
    return this._isKnown;
  }

  /** Look at this registry until another is picked; null follows the active notebook again. */
  pick(path: string | null): void {
    if (path !== this._picked) {
      this._picked = path;
      this._changed.emit();
    }
  }

  /** Look at this registry: follow the notebook if it is the notebook's, and else pick it. */
  show(path: string | null): void {
    if (path !== this.path) {
      this.pick(path === this._nearest ? null : path);
    }
  }

  /** Say where the active notebook is. */
  async follow(near: string): Promise<void> {
    if (near !== this._near || !this._isKnown) {
      this._near = near;
      await this.refresh();
    }
  }

  /** Ask again where there is none yet, but not all the time: the server looks through folders for it. */
  async lookAgain(now: number = Date.now()): Promise<void> {
    if (now - this._lookedAt >= LOOK_AGAIN) {
      await this.refresh(now);
    }
  }

  /** Ask the server which registries there are. */
  async refresh(now: number = Date.now()): Promise<void> {
    this._lookedAt = now;
    const near = this._near;
    try {
      const { registries, nearest } = await this.api.registries(near);
      if (near === this._near) {
        this._all = registries;
        this._nearest = nearest;
        this._failure = null;
        this._isKnown = true;
      }
    } catch (error) {
      this._failure = failureOf(error);
    }
    this._changed.emit();
  }

  private _all: readonly RegistryPlace[] = [];
  private _nearest: string | null = null;
  private _picked: string | null = null;
  private _near = '';
  private _lookedAt = 0;
  private _isKnown = false;
  private _failure: Failure | null = null;
  private readonly _changed = new Signal<this, void>(this);
}
