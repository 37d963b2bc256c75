import { describe, expect, it, vi } from 'vitest';

import type { Change, ChangeResult, Form } from '../src/api';
import { Draft } from '../src/changes/draft';
import { failure, RegistryFailure } from '../src/request';

const FORM: Form = {
  verb: 'rollback',
  title: 'Roll back',
  fields: [{ name: 'to', label: 'To', value: '', kind: 'text', options: [], help: '' }],
  needs_reason: false
};

function result(change: Change, extra: Partial<ChangeResult> = {}): ChangeResult {
  return { card: '', applied: false, refused: false, change, line: '', seq: 1, ...extra };
}

function draftWith(answer: (change: Change, dryRun: boolean) => Promise<ChangeResult>, form = FORM) {
  const change = vi.fn((_registry: string, asked: Change, dryRun: boolean) => answer(asked, dryRun));
  return { draft: new Draft({ change }, 'r', 'churn@3', form, vi.fn()), change };
}

describe('Draft', () => {
  it('can be made only after it was looked at', async () => {
    const { draft, change } = draftWith(async asked => result(asked));
    await draft.make();
    expect(change).not.toHaveBeenCalled();
    await draft.look();
    expect(draft.canMake).toBe(true);
  });

  it('makes what the dry run showed, not what was asked', async () => {
    const { draft, change } = draftWith(async asked => result({ ...asked, values: { to: 'churn@1' } }));
    await draft.look();
    await draft.make();
    expect(change.mock.calls.map(([, asked, dryRun]) => [asked.values['to'], dryRun])).toEqual([
      ['', true],
      ['churn@1', false]
    ]);
    expect(draft.stage).toBe('made');
  });

  it('has to be looked at again after something was filled in', async () => {
    const { draft } = draftWith(async asked => result(asked));
    await draft.look();
    draft.explain('drift');
    expect([draft.canMake, draft.result]).toEqual([false, null]);
  });

  it('cannot be made if the dry run says it would be refused', async () => {
    const { draft } = draftWith(async asked => result(asked, { refused: true }));
    await draft.look();
    expect(draft.canMake).toBe(false);
  });

  it('forgets an answer to what was changed meanwhile', async () => {
    let answer: (result: ChangeResult) => void = () => undefined;
    const { draft } = draftWith(() => new Promise(resolve => (answer = resolve)));
    const looked = draft.look();
    draft.fill('to', '2');
    answer(result({ verb: 'rollback', ref: 'churn@3', values: {}, reason: '' }));
    await looked;
    expect([draft.stage, draft.result]).toEqual(['filling', null]);
  });

  it('hears only the answer to what was asked last', async () => {
    const answers: ((result: ChangeResult) => void)[] = [];
    const { draft, change } = draftWith(() => new Promise(resolve => answers.push(resolve)));
    draft.fill('to', 'first');
    const first = draft.look();
    draft.fill('to', 'second');
    const second = draft.look();
    const [askedFirst, askedSecond] = change.mock.calls.map(([, asked]) => asked) as [Change, Change];
    answers[0]?.(result(askedFirst));
    await first;
    expect([draft.stage, draft.result, draft.canMake]).toEqual(['looking', null, false]);
    answers[1]?.(result(askedSecond));
    await second;
    expect([draft.result?.change.values['to'], draft.canMake]).toEqual(['second', true]);
  });

  it('hears no failure of what is no longer asked', async () => {
    const failures: ((error: Error) => void)[] = [];
    const { draft } = draftWith(() => new Promise((_, reject) => failures.push(reject)));
    const first = draft.look();
    draft.fill('to', 'second');
    void draft.look();
    failures[0]?.(new Error('of the first'));
    await first;
    expect([draft.stage, draft.failure]).toEqual(['looking', null]);
  });

  it.each([
    ['made', null],
    ['filling', 'too late']
  ])('stays as it is while it is made, and tells what came of it: %s', async (stage, message) => {
    let end: () => void = () => undefined;
    const { draft, change } = draftWith(async (asked, dryRun) => {
      if (!dryRun) {
        await new Promise<void>(resolve => (end = resolve));
        if (message !== null) {
          throw new RegistryFailure(failure('Refused', message));
        }
      }
      return result(asked, { applied: !dryRun });
    });
    await draft.look();
    const made = draft.make();
    draft.fill('to', '2');
    draft.explain('drift');
    await draft.look();
    expect([draft.stage, draft.values['to'], draft.reason]).toEqual(['making', '', '']);
    end();
    await made;
    expect([draft.stage, draft.failure?.message ?? null]).toEqual([stage, message]);
    expect(draft.result?.applied).toBe(message === null);
    expect(change).toHaveBeenCalledTimes(2);
  });

  it('says why it failed, and can be tried again', async () => {
    const { draft } = draftWith(async () => {
      throw new RegistryFailure(failure('Refused', 'no earlier holder'));
    });
    await draft.look();
    expect([draft.failure?.message, draft.canLook, draft.canMake]).toEqual(['no earlier holder', true, false]);
  });

  it('wants a reason where one is needed', () => {
    const { draft } = draftWith(async asked => result(asked), { ...FORM, needs_reason: true });
    expect(draft.canLook).toBe(false);
    draft.explain('reviewed');
    expect(draft.canLook).toBe(true);
  });
});
