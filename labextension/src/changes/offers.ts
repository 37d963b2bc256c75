import type { Form, Version, VersionRow } from '../api';

/** Whether a change makes sense for a version; what others do about it meanwhile, its dry run tells. */
export function isOffered(verb: string, row: VersionRow): boolean {
  const status = row.badges.find(badge => badge.kind === 'status')?.text;
  switch (verb) {
    case 'rollback':
      return row.aliases.length > 0; // of another version it would take the alias, not of this one
    case 'archive':
      return status !== 'archived';
    case 'restore':
      return status !== undefined;
    default:
      return true;
  }
}

/** The forms of a version's page. */
export function offeredForms(version: Version): Form[] {
  const { forms, row } = version;
  return forms
    .filter(form => isOffered(form.verb, row))
    .map(form => (form.verb === 'rollback' ? beginningWith(form, 'alias', row.aliases[0]?.name) : form));
}

function beginningWith(form: Form, name: string, value = ''): Form {
  return { ...form, fields: form.fields.map(field => (field.name === name ? { ...field, value } : field)) };
}
