import { expect } from 'chai';
import { findCommand, incompleteCommand, unknownCommand } from '#cli/find-command.js';

const ids = ['users:list', 'users:show', 'groups:list', 'sync', 'doctor', 'mapping:lint'];
const mendFor = (...words: string[]): string => unknownCommand(words, ids).mend;

describe('cli/find-command', () => {
  it('finds the longest name, and leaves the rest as arguments', () => {
    expect(findCommand(['users', 'show', 'hr:E1003'], ids)).to.deep.equal({
      kind: 'command',
      id: 'users:show',
      arguments: ['hr:E1003'],
    });
    expect(findCommand(['sync', 'hr', 'it'], ids)).to.deep.equal({
      kind: 'command',
      id: 'sync',
      arguments: ['hr', 'it'],
    });
  });

  it('tells a topic from a command', () => {
    expect(findCommand(['users'], ids)).to.deep.equal({
      kind: 'topic',
      name: 'users',
      commands: ['users:list', 'users:show'],
    });
    expect(findCommand(['users', 'lst'], ids)).to.equal(null);
    expect(incompleteCommand('users', ['users:list', 'users:show']).mend).to.equal(
      'Run one of: rollcall users list, rollcall users show',
    );
  });

  it('suggests the nearest command', () => {
    expect(mendFor('users', 'lst')).to.equal('Did you mean: rollcall users list');
    expect(mendFor('user', 'list')).to.equal('Did you mean: rollcall users list');
    expect(mendFor('snyc', 'hr')).to.equal('Did you mean: rollcall sync');
    expect(mendFor('groups', 'list2')).to.equal('Did you mean: rollcall groups list');
    expect(mendFor('frobnicate')).to.equal('See: rollcall --help');
  });
});
