import { expect } from 'chai';
import { idOf, resourcesOf, TestDirectory } from './support/directory.js';

/** Failures that users of other products reported; 1 and 2 are G5, 6 and 8 stand with coming and going. */
describe('plugins/scim: field failures', () => {
  it("3 (goauthentik/authentik#24173): Okta's removal by a filter removes", async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const group = await directory.group('eng', [id]);
    const { status } = await directory.patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${id}"]` });
    expect(status).to.equal(204);
    expect(await directory.members(group)).to.deep.equal([]);
  });

  it('4 (goauthentik/authentik#21754): leaving a group shows at once', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const group = await directory.group('eng', [id]);
    expect((await directory.get(`/Users/${id}`)).document.groups).to.have.length(1);
    await directory.patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: [{ value: id }] });
    expect((await directory.get(`/Users/${id}`)).document).not.to.have.property('groups');
  });

  it('5 (Captain-P-Goldfish/SCIM-SDK#419): members without a type are kept', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const group = await directory.group('eng');
    await directory.patch(`/Groups/${group}`, {
      op: 'add',
      path: 'members',
      value: [{ value: id, display: 'ada@x.io' }],
    });
    expect(await directory.members(group)).to.deep.equal([id]);
  });

  it('7 (ssoready/ssoready#155, thomaspoignant/scim-patch#872): "False" is false', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    await directory.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'False' });
    expect(resourcesOf(await directory.filter('/Users', 'active eq false')).map((user) => user.id)).to.deep.equal([id]);
  });

  it('26: two directories at once, a hundred creates, the true total, an identical PUT, a rename and the filter', async () => {
    const [one, other] = [new TestDirectory({ seed: 1 }), new TestDirectory({ seed: 2 })];
    const creates = Array.from({ length: 100 }, (_, i) =>
      Promise.all([one.post('/Users', { userName: `one-${i}` }), other.post('/Users', { userName: `other-${i}` })]),
    );
    const answers = (await Promise.all(creates)).flat();
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([201]));
    for (const [directory, name] of [
      [one, 'one-'],
      [other, 'other-'],
    ] as const) {
      const list = await directory.get('/Users', 'count=7');
      expect(list.document).to.include({ totalResults: 100, itemsPerPage: 7 });
      expect((await directory.filter('/Users', `userName sw "${name}"`)).document.totalResults).to.equal(100);
    }
    const id = idOf(
      await one
        .filter('/Users', 'userName eq "one-7"')
        .then((got) => ({ ...got, document: resourcesOf(got)[0] ?? {} })),
    );
    const shown = await one.get(`/Users/${id}`);
    const put = await one.send('PUT', `/Users/${id}`, { body: shown.document });
    expect(put.body).to.equal(shown.body);
    await one.patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'renamed' });
    expect((await one.filter('/Users', 'userName eq "renamed"')).document.totalResults).to.equal(1);
    expect((await one.filter('/Users', 'userName eq "one-7"')).document.totalResults).to.equal(0);
  });
});
