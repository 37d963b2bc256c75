import { useEffect, useState } from 'react';

import type { Failure } from '../api';
import { failureOf } from '../request';

/** What was asked for: the last answer, also while a newer one is on its way. */
export interface Answer<T> {
  value: T | null;
  failure: Failure | null;
  retry: () => void;
}

/** Ask for something, and again whenever `key` changes. */
export function useAnswer<T>(ask: () => Promise<T>, key: string): Answer<T> {
  const [value, setValue] = useState<T | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    ask().then(
      answer => {
        if (isCurrent) {
          setValue(answer);
          setFailure(null);
        }
      },
      (error: unknown) => {
        if (isCurrent) {
          setFailure(failureOf(error));
        }
      }
    );
    return () => {
      isCurrent = false;
    };
  }, [key, tries]);
  return { value, failure, retry: () => setTries(tries + 1) };
}
