import { describe, expect, it } from 'vitest';

import type { Form, Version, VersionRow } from '../src/api';
import { offeredForms } from '../src/changes/offers';
import { versionRow } from './fakes';

const alias = { name: 'alias', label: 'Alias', value: 'champion', kind: 'choice' as const, options: [], help: '' };
const forms: Form[] = ['promote', 'rollback'].map(verb => ({
  verb,
  title: verb,
  fields: [alias],
  needs_reason: false
}));

function offered(row: Partial<VersionRow>): string[] {
  const version = { row: { ...versionRow('churn', 3), ...row }, forms } as Version;
  return offeredForms(version).map(form => `${form.verb} ${form.fields[0]?.value}`);
}

describe('the forms of a page', () => {
  it('roll no other version back', () => {
    expect(offered({})).toEqual(['promote champion']);
  });

  it('roll back the alias that the version holds', () => {
    const aliases = [{ name: 'challenger', stray: false }];
    expect(offered({ aliases })).toEqual(['promote champion', 'rollback challenger']);
  });
});
