/** What messages begin with that is a word of ours: a name or a path stays as it is written. */
const BEGINS = /^(?:there|this|the|commit|an?|its?|no|none|nothing|to|in|cannot|stopped|somebody)\b/;

/** Begin a sentence with a capital, unless it begins with a name. */
export function sentence(text: string): string {
  return BEGINS.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** Why a registry that cannot be written offers no change. */
export const READ_ONLY = 'Read-only: nothing can be changed here';
