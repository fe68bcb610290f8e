import type { CheckReport, Connector, Page } from '@rollcall/connector-kit';

/** The connector of a directory that is pushed to: there is nothing to reach and nothing to fetch. */
export class ScimConnector implements Connector {
  check(): Promise<CheckReport> {
    return Promise.resolve({
      steps: [
        {
          name: 'wait for the provider',
          ok: true,
          message: 'The identity provider pushes to this directory; use its own connection test.',
        },
      ],
      sample: [],
    });
  }

  /** Yields no page, so that it proves nothing: nobody is absent from a read that reads nothing. */
  readFull(): AsyncIterable<Page> {
    return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) };
  }
}
