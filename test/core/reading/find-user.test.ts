import { expect } from 'chai';
import { findUser } from '#core/reading/find-user.js';
import { day, hrRow, onEachStore, type Population } from './support.js';
import { refusalOf } from './refusal.js';

onEachStore('core/reading/find-user', (open) => {
  let population: Population;
  const find = (who: string): Promise<string> =>
    population.read(async (sql) => (await findUser(sql, population.tenantId, who)).id);

  before(async () => {
    population = await open();
    await population.furnish();
    const record = await population.record('hr', 'E1001', hrRow(), day(9));
    await population.record('hr', 'E:1=2', hrRow({ employee_id: 'E:1=2' }), day(9));
    await population.link(record, 'usr-ada', day(9));
    await population.user(
      'usr-ada',
      { userName: 'Ada', employeeNumber: 'E1001', emails: [{ value: 'ada@acme.example', primary: true }] },
      { brought_by: record },
    );
    await population.user('usr-twin-1', { userName: 'twin', displayName: 'First' });
    await population.user('usr-twin-2', { userName: 'twin', displayName: 'Second' });
    await population.user('usr-lost', { userName: 'lost' }, { active: 0, merged_into: 'usr-middle' });
    await population.user('usr-middle', { userName: 'middle' }, { active: 0, merged_into: 'usr-ada' });
    await population.user('usr-reused-old', { userName: 'reused' }, { active: 0, merged_into: 'usr-ada' });
    await population.user('usr-reused-new', { userName: 'reused' });
    const neighbour = await population.neighbour('other');
    await neighbour.user('usr-stranger', { userName: 'stranger' });
  });
  after(() => population.close());

  for (const [what, who] of Object.entries({
    'a user id': 'usr-ada',
    'directory and source id': 'hr:E1001',
    'a login, whatever its letter case': 'userName=aDA',
    'an employee number': 'employeeNumber=e1001',
    'the primary e-mail': 'email=ADA@acme.example',
    'the login of a merged user, who lives on in another one': 'userName=lost',
  })) {
    it(`finds a user by ${what}`, async () => {
      expect(await find(who)).to.equal('usr-ada');
    });
  }

  it('answers the id of a merged user with that user', async () => {
    expect(await find('usr-lost')).to.equal('usr-lost');
  });

  it('prefers who has a login now to whom had it before a merge', async () => {
    expect(await find('userName=reused')).to.equal('usr-reused-new');
  });

  it('names the candidates where several are found', async () => {
    const error = await refusalOf(find('userName=twin'));
    expect([error.code, error.exitCode]).to.deep.equal(['RC_USER_AMBIGUOUS', 1]);
    expect(error.extra.candidates).to.deep.equal([
      { id: 'usr-twin-1', who: { sourceId: ':rec-usr-twin-1', name: 'First' } },
      { id: 'usr-twin-2', who: { sourceId: ':rec-usr-twin-2', name: 'Second' } },
    ]);
  });

  for (const who of ['usr-nobody', 'hr:E9', 'userName=nobody', 'usr-stranger', 'userName=stranger']) {
    it(`finds nobody by ${who}`, async () => {
      const error = await refusalOf(find(who));
      expect([error.code, error.exitCode, error.where.tenant]).to.deep.equal(['RC_USER_NOT_FOUND', 1, 'acme']);
      expect(error.mend).not.to.equal('');
    });
  }

  it('says that a directory does not exist', async () => {
    const error = await refusalOf(find('hrr:E1001'));
    expect(error.code).to.equal('RC_USER_NOT_FOUND');
    expect(error.where).to.deep.include({ directory: 'hrr', sourceId: 'E1001' });
    expect(error.mend).to.equal('Did you mean "hr"?');
  });

  it('says that a record is there and no user of it, also where the source id holds colons', async () => {
    const error = await refusalOf(find('hr:E:1=2'));
    expect(error.code).to.equal('RC_USER_NOT_FOUND');
    expect(error.mend).to.match(/record is known/);
  });

  for (const who of ['ada', 'usr-a b', '', 'login=ada', 'userName=', 'userName= ', ':E1001', 'HR:E1001']) {
    it(`refuses ${JSON.stringify(who)}, which names nobody in a known way`, async () => {
      const error = await refusalOf(find(who));
      expect([error.code, error.exitCode]).to.deep.equal(['RC_USER_NOT_FOUND', 1]);
    });
  }
});
