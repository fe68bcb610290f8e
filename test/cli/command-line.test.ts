import { expect } from 'chai';
import { hasSwitch, readCommandLine } from '#cli/command-line.js';

describe('cli/command-line', () => {
  it('takes the words before the first flag as the name of the command', () => {
    expect(readCommandLine(['users', 'list', '--json', '--limit', '5'])).to.deep.include({
      words: ['users', 'list'],
      rest: ['--json', '--limit', '5'],
    });
  });

  it('lets global flags stand before the command', () => {
    expect(readCommandLine(['--project', 'here', '--json', 'sync', 'hr', '--full'])).to.deep.include({
      words: ['sync', 'hr'],
      rest: ['--project', 'here', '--json', '--full'],
    });
    expect(readCommandLine(['--project=here', 'sync'])).to.deep.include({ words: ['sync'], rest: ['--project=here'] });
  });

  it('knows who asks for help or for the version', () => {
    expect(readCommandLine(['users', 'list', '--help']).wantsHelp).to.equal(true);
    expect(readCommandLine(['help', 'users'])).to.deep.include({ wantsHelp: true, words: ['users'] });
    expect(readCommandLine(['sync', '--', '--help']).wantsHelp).to.equal(false);
    expect(readCommandLine(['--version']).wantsVersion).to.equal(true);
    expect(readCommandLine(['sync', '--version']).wantsVersion).to.equal(false);
  });

  it('finds a switch before the dashes alone', () => {
    expect(hasSwitch(['sync', '--json'], '--json')).to.equal(true);
    expect(hasSwitch(['sync', '--', '--json'], '--json')).to.equal(false);
  });
});
