import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { Broken, Loading } from '../sidebar/states';
import { useAnswer } from './answer';
import { Sections, type Source } from './sections';

/** Several versions side by side. */
export function ComparePage(props: { source: Source; onInsert: (line: string) => void }): JSX.Element {
  const { source, onInsert } = props;
  const { api, registry, refs, stamp } = source;
  const {
    value: comparison,
    failure,
    retry
  } = useAnswer(() => api.compare(registry, refs), [registry, stamp, ...refs].join('\n'));
  if (failure) {
    return <Broken failure={failure} onRetry={retry} />;
  }
  if (!comparison) {
    return <Loading />;
  }
  return (
    <>
      <div className="nbr-Page-head">
        <h1>
          Compare <bdi>{comparison.refs.join(', ')}</bdi>
        </h1>
        <span className="nbr-Help">{registry}</span>
        {comparison.line && (
          <div className="nbr-Buttons">
            <Button className="nbr-Button" title={comparison.line} onClick={() => onInsert(comparison.line)}>
              Insert compare line
            </Button>
          </div>
        )}
      </div>
      <Sections source={{ ...source, refs: comparison.refs }} heads={comparison.sections} />
    </>
  );
}
