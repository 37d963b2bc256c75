import { Signal, type ISignal } from '@lumino/signaling';

import type { Api, Choice, Failure, Head, Lacking, ModelRow, VersionRow } from '../api';
import { nameOf } from '../names';
import { failureOf } from '../request';
import { Heads, stampOf } from './heads';
import type { Places } from './places';
import { PAGE, Rows, type Page } from './rows';
import { spotOf, Tree, type Spot } from './tree';

export const NEWEST_FIRST = '';

/** At most so many models are opened by themselves: at first, and when something was searched for. */
const OPENED_UNASKED = 3;

/**
 * What the sidebar shows of one registry: its models and versions as they are now, what is searched for, and what is
 * chosen. It knows no DOM.
 */
export class RegistryModel {
  constructor(
    readonly api: Api,
    readonly places: Places
  ) {
    this.heads = new Heads(api);
    this.models = this.newModels();
    places.changed.connect(() => this.onPlaces());
  }

  /** Where this registry stands, and those of open pages. */
  readonly heads: Heads;

  /** Emitted whenever something that is shown has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted with a sentence for whoever listens and does not look. */
  get said(): ISignal<this, string> {
    return this._said;
  }

  /** The registry's folder; null if there is none. */
  get path(): string | null {
    return this.places.path;
  }

  get head(): Head | null {
    return this._head;
  }

  /** Why the registry cannot be shown. */
  get failure(): Failure | null {
    return this._failure ?? (this.places.isKnown ? null : this.places.failure);
  }

  /** Why what is searched for cannot be found; the rows before it stay. */
  get searchFailure(): Failure | null {
    return this._searchFailure;
  }

  /** Keys that are searched for and that no version has, if nothing matches. */
  get lacking(): readonly Lacking[] {
    return this._lacking;
  }

  get asked(): string {
    return this._asked;
  }

  get sort(): string {
    return this._sort;
  }

  /** Versions that are chosen to be compared, in the order they were. */
  get chosen(): readonly string[] {
    return [...this._chosen];
  }

  /** What the keyboard is on. */
  get active(): Spot | null {
    return this._active;
  }

  /** The line that the keyboard is on while its row is still on the way. */
  get awaited(): number | null {
    return this._awaited;
  }

  /** The metric that the settings ask for. */
  get metric(): string {
    return this._metric;
  }

  /** The metrics that are known of this registry so far: models have different ones. */
  get knownMetrics(): readonly string[] {
    return [...this._knownMetrics];
  }

  /** The metric in the lines of a model's versions; empty while that is unknown, or if there is none. */
  metricOf(name: string): string {
    return this._metricsOf.get(name) ?? '';
  }

  /** The line of a version, if it is here. */
  rowOf(ref: string | null): VersionRow | null {
    const rows = ref === null ? undefined : this.versions.get(nameOf(ref));
    return rows?.at(rows.indexOf(row => row.ref === ref)) ?? null;
  }

  /** Whether nothing can be changed in a registry, as far as is known. */
  isReadOnly(registry: string | null): boolean {
    const listed = this.places.all.find(place => place.path === registry);
    return (registry === null ? null : this.heads.of(registry))?.read_only ?? listed?.read_only ?? false;
  }

  /** Whether the first answer is still to come. */
  get isLoading(): boolean {
    return !this.failure && (!this.places.isKnown || (this.path !== null && this.models.total === undefined));
  }

  /** How many models match; -1 while that is unknown, as ARIA has it. */
  get modelCount(): number {
    return this.models.total ?? -1;
  }

  /** How many versions of a model match; -1 while that is unknown. */
  versionCount(name: string): number {
    return this.versions.get(name)?.total ?? -1;
  }

  tree(): Tree {
    return (this._tree ??= new Tree(this.models, name => (this.isOpen(name) ? this.versionsOf(name) : undefined)));
  }

  isOpen(name: string): boolean {
    return this._open.has(name);
  }

  isChosen(ref: string): boolean {
    return this._chosen.has(ref);
  }

  search(asked: string): void {
    if (asked !== this._asked) {
      this._asked = asked;
      this._openFew = asked.trim() !== '';
      this._awaited = null;
      this.renew();
    }
  }

  sortBy(sort: string): void {
    if (sort !== this._sort) {
      this._sort = sort;
      this.renew();
    }
  }

  showMetric(metric: string): void {
    if (metric !== this._metric) {
      this._metric = metric;
      this.renew();
    }
  }

  toggle(name: string, open = !this.isOpen(name)): void {
    if (open) {
      this._open.add(name);
      this.versionsOf(name).want(0, PAGE - 1);
    } else {
      this._open.delete(name);
    }
    this._awaited = null;
    this.emit();
  }

  choose(ref: string, chosen = !this.isChosen(ref)): void {
    if (chosen) {
      this._chosen.add(ref);
    } else {
      this._chosen.delete(ref);
    }
    this.emit();
  }

  clearChosen(): void {
    this._chosen.clear();
    this.emit();
  }

  activate(spot: Spot | null): void {
    this._active = spot;
    this._awaited = null;
    this.emit();
  }

  /** Put the keyboard on a line of the tree; where its row is still on the way, as soon as it is here. */
  activateAt(place: number): void {
    this._awaited = place;
    this.emit();
  }

  /** See to it that these lines of the tree have their rows. */
  want(first: number, last: number): void {
    this.tree().want(first, last);
  }

  /** Show one model alone, open; the search box says so, and how to see the others again. */
  reveal(name: string): void {
    this._asked = `name = '${name.replace(/'/g, "''")}'`;
    this.renew();
    this.toggle(name, true);
    this.activate({ name, ref: null });
  }

  /**
   * Look whether anything changed since: the poll's work. Emits only if so.
   */
  async refresh(): Promise<void> {
    if (this.places.picked === null && this.places.nearest === null) {
      await this.places.lookAgain(); // the notebook may have made its own meanwhile
    }
    const path = this.path;
    if (path === null) {
      return;
    }
    try {
      const head = await this.heads.look(path);
      if (path !== this.path) {
        return;
      }
      const before = this._head;
      const recovered = this._failure !== null;
      this._head = head;
      this._failure = null;
      if (stampOf(before) !== stampOf(head) || recovered) {
        this.renew();
        if (before && head.versions > before.versions) {
          this._said.emit(`${head.versions - before.versions} new: ${head.versions} versions now`);
        }
      }
    } catch (error) {
      if (path === this.path) {
        this.fail(error);
      }
    }
  }

  private onPlaces(): void {
    if (this.path !== this._shown) {
      if (this._shown !== null) {
        this._sort = NEWEST_FIRST; // another registry has other metrics; what was chosen before the first one came stays
      }
      this._shown = this.path;
      this._head = null;
      this._failure = null;
      this._active = null;
      this._awaited = null;
      this._chosen.clear();
      this._open.clear();
      this._openFew = true;
      this._knownMetrics.clear();
      this._metricsOf.clear();
      [this.models, ...this.versions.values()].forEach(rows => rows.renew()); // no answer to them is heard any more
      this.versions.clear();
      this.models = this.newModels();
      this.renew();
      void this.refresh();
    }
    this.emit();
  }

  /** Ask for everything again; what is shown stays until the answers come. */
  private renew(): void {
    this._searchFailure = null;
    this.models.renew();
    for (const [name, rows] of this.versions) {
      if (this.isOpen(name)) {
        rows.renew();
      } else {
        this.versions.delete(name);
      }
    }
    if (this.path !== null) {
      this.models.want(0, PAGE - 1);
    }
    this.emit();
  }

  private newModels(): Rows<ModelRow> {
    return this.newRows(async offset => {
      const { path, asked } = this;
      const page = await this.api.models(path ?? '', this.choice(offset));
      // What was asked of another registry, or for something else, opens nothing here.
      if (path === this.path && asked === this.asked) {
        this._lacking = page.lacking;
        page.rows.forEach(row => row.metric && this._knownMetrics.add(row.metric.name));
        this.openFew(page.rows, page.total);
      }
      return page;
    });
  }

  private openFew(rows: readonly ModelRow[], total: number): void {
    if (this._openFew && total <= OPENED_UNASKED) {
      this._openFew = false;
      for (const row of rows) {
        this._open.add(row.name);
        this.versionsOf(row.name).want(0, PAGE - 1);
      }
    }
  }

  private versionsOf(name: string): Rows<VersionRow> {
    let rows = this.versions.get(name);
    if (!rows) {
      rows = this.newRows(async offset => {
        const { path } = this;
        const page = await this.api.versions(path ?? '', name, this._sort, this.choice(offset));
        if (path === this.path) {
          page.metrics.forEach(metric => this._knownMetrics.add(metric));
          this._metricsOf.set(name, page.metric);
        }
        return page;
      });
      this.versions.set(name, rows);
    }
    return rows;
  }

  private newRows<Row>(fetch: (offset: number) => Promise<Page<Row>>): Rows<Row> {
    return new Rows(
      fetch,
      () => this.emit(),
      error => this.fail(error)
    );
  }

  private choice(offset: number): Choice {
    return { q: this._asked, offset, limit: PAGE, metric: this._metric };
  }

  private fail(error: unknown): void {
    const failure = failureOf(error);
    this._awaited = null;
    if (failure.kind === 'InvalidFilter') {
      this._searchFailure = failure;
    } else {
      this._failure = failure;
    }
    this.emit();
  }

  private emit(): void {
    this._tree = null;
    const come = this._awaited === null ? null : spotOf(this.tree().at(this._awaited));
    if (come) {
      this._active = come;
      this._awaited = null;
    }
    this._changed.emit();
  }

  private models: Rows<ModelRow>;
  private readonly versions = new Map<string, Rows<VersionRow>>();
  private _tree: Tree | null = null;
  private _head: Head | null = null;
  private _failure: Failure | null = null;
  private _searchFailure: Failure | null = null;
  private _lacking: readonly Lacking[] = [];
  private _asked = '';
  private _sort = NEWEST_FIRST;
  private _metric = '';
  private readonly _knownMetrics = new Set<string>();
  private readonly _metricsOf = new Map<string, string>();
  private _shown: string | null = null;
  private _active: Spot | null = null;
  private _awaited: number | null = null;
  private _openFew = true;
  private readonly _open = new Set<string>();
  private readonly _chosen = new Set<string>();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _said = new Signal<this, string>(this);
}
