import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { Loading } from '../sidebar/states';
import { useAnswer } from './answer';
import { BrokenPage } from './brokenpage';
import { FoldedSections, Sections, type Source } from './sections';

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
    return <BrokenPage source={source} failure={failure} onRetry={retry} />;
  }
  if (!comparison) {
    return <Loading />;
  }
  const compared = { ...source, refs: comparison.refs };
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
      <Sections source={compared} heads={comparison.sections.slice(0, 1)} />
      <FoldedSections source={compared} heads={comparison.sections.slice(1)} />
    </>
  );
}
