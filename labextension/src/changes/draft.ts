import type { Api, Change, ChangeResult, Failure, Form } from '../api';
import { failureOf } from '../request';

/** What is being done about a change. */
export type Stage = 'filling' | 'looking' | 'looked' | 'making' | 'made';

/** A change that is being prepared: filled in, looked at in a dry run, and only then made. */
export class Draft {
  constructor(
    private readonly api: Pick<Api, 'change'>,
    readonly registry: string,
    readonly ref: string,
    readonly form: Form,
    private readonly changed: () => void
  ) {
    for (const field of form.fields) {
      this.values[field.name] = field.value;
    }
  }

  readonly values: Record<string, string> = {};
  reason = '';
  stage: Stage = 'filling';
  result: ChangeResult | null = null;
  failure: Failure | null = null;

  /** Fill a field in; what was looked at before is no longer what would be made. */
  fill(name: string, value: string): void {
    if (!this.isFixed) {
      this.values[name] = value;
      this.begin();
    }
  }

  explain(reason: string): void {
    if (!this.isFixed) {
      this.reason = reason;
      this.begin();
    }
  }

  /** Whether it is being made, or was: then it stays as it is, and what comes of it is told. */
  get isFixed(): boolean {
    return this.stage === 'making' || this.stage === 'made';
  }

  /** Whether what is still missing is a reason. */
  get lacksReason(): boolean {
    return this.form.needs_reason && this.reason.trim() === '';
  }

  get canLook(): boolean {
    return this.stage !== 'looking' && !this.isFixed && !this.lacksReason;
  }

  get canMake(): boolean {
    return this.stage === 'looked' && this.result?.refused === false && !this.lacksReason;
  }

  /** Ask what would change. */
  async look(): Promise<void> {
    if (this.canLook) {
      await this.send('looking', 'looked', this.asFilled(), true);
    }
  }

  /** Make the change that was looked at, as it was shown. */
  async make(): Promise<void> {
    if (this.canMake && this.result) {
      await this.send('making', 'made', this.result.change, false);
    }
  }

  private asFilled(): Change {
    return { verb: this.form.verb, ref: this.ref, values: { ...this.values }, reason: this.reason };
  }

  private begin(): void {
    this.request++;
    this.stage = 'filling';
    this.result = null;
    this.failure = null;
    this.changed();
  }

  private async send(during: Stage, after: Stage, change: Change, dryRun: boolean): Promise<void> {
    const request = ++this.request;
    this.stage = during;
    this.failure = null;
    this.changed();
    try {
      const result = await this.api.change(this.registry, change, dryRun);
      // What was filled in meanwhile makes the answer one to another question.
      if (request === this.request) {
        this.result = result;
        this.stage = after;
      }
    } catch (error) {
      if (request === this.request) {
        this.failure = failureOf(error);
        this.stage = 'filling';
      }
    }
    this.changed();
  }

  /** The number of the newest request; an edit takes one too, so that no answer from before it is heard. */
  private request = 0;
}
