import { Config } from '@oclif/core/config';

/** What one command needs of oclif to parse its flags: no plugins, no hooks, no list of commands. */
export function bareConfig(root: string): Config {
  return new BareConfig({ root });
}

class BareConfig extends Config {
  override runHook(): ReturnType<Config['runHook']> {
    return Promise.resolve({ failures: [], successes: [] });
  }
}
