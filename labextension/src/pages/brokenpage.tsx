import type { JSX } from 'react';

import type { Failure } from '../api';
import { Broken } from '../sidebar/states';
import type { Source } from './sections';

/** What a page is about cannot be shown. */
export function BrokenPage(props: { source: Source; failure: Failure; onRetry: () => void }): JSX.Element {
  const { source, failure, onRetry } = props;
  // The registry is there, so what was not found is a version: asked again, it is not found again.
  const isInVain = failure.kind === 'NotFound' && source.stamp !== '';
  return <Broken failure={failure} onRetry={isInVain ? undefined : onRetry} onMeant={source.onOpen} />;
}
