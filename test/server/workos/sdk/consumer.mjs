/**
 * A program written for WorkOS: it knows the official SDK and nothing of Rollcall. It runs in the folder in which npm
 * installed the SDK, reads what to ask as JSON from stdin, and prints what the SDK gave it.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const { WorkOS } = createRequire(path.join(process.cwd(), 'consumer.js'))('@workos-inc/node');
const { hostname, port, token, directory, user, group, webhook } = JSON.parse(await text(process.stdin));
const connect = (key) => new WorkOS(key, { apiHostname: hostname, port, https: false });
const workos = connect(token);

/** What an app sees of an error. */
async function errorOf(task) {
  try {
    await task;
    return null;
  } catch (error) {
    const { name, status, message, code, requestID } = error;
    return { name, status, message, code, requestID };
  }
}

async function everyEvent(events) {
  const found = [];
  for (let after; ;) {
    const page = await workos.events.listEvents({ events, limit: 100, ...(after === undefined ? {} : { after }) });
    if (page.data.length === 0) return found;
    found.push(...page.data);
    after = page.data.at(-1).id;
  }
}

async function webhookOf(payload, sigHeader = webhook.sigHeader) {
  try {
    const event = await workos.webhooks.constructEvent({ payload, sigHeader, secret: webhook.secret });
    return { id: event.id, event: event.event, firstName: event.data.firstName };
  } catch (error) {
    return { error: error.constructor.name };
  }
}

const page = await workos.directorySync.listUsers({ directory });
const all = await page.autoPagination();
const limited = await workos.directorySync.listUsers({ directory, limit: 3 });
const portal = workos.adminPortal ?? workos.portal;

const results = {
  node: process.version,
  directories: (await workos.directorySync.listDirectories({ search: 'acme' })).data,
  directory: await workos.directorySync.getDirectory(directory),
  firstPage: page.data.length,
  users: all.map(({ id }) => id),
  limited: (await limited.autoPagination()).map(({ id }) => id),
  user: await workos.directorySync.getUser(user),
  groups: (await workos.directorySync.listGroups({ user })).data,
  members: (await workos.directorySync.listUsers({ group })).data.map(({ id }) => id),
  group: await workos.directorySync.getGroup(group),
  created: (await everyEvent(['dsync.user.created'])).map(({ data }) => data.id),
  others: (await everyEvent(['dsync.user.updated', 'dsync.group.created', 'dsync.group.user_added'])).map(
    ({ id, event, createdAt, data }) => ({ id, event, createdAt, data }),
  ),
  errors: {
    absent: await errorOf(workos.directorySync.getUser('directory_user_absent')),
    unprocessable: await errorOf(workos.directorySync.listUsers({ directory, limit: 1_000 })),
    badRequest: await errorOf(workos.events.listEvents({ events: ['dsync.user.created'], rangeStart: 'yesterday' })),
    unauthorized: await errorOf(connect('sk_live_wrong').directorySync.listDirectories()),
    forbidden: await errorOf(workos.directorySync.deleteDirectory(directory)),
    portal: await errorOf(portal.generateLink({ organization: 'org_acme', intent: 'dsync' })),
  },
  webhook: {
    parsed: await webhookOf(JSON.parse(webhook.body)),
    raw: await webhookOf(webhook.body),
    bytes: await webhookOf(Buffer.from(webhook.body)),
    altered: await webhookOf({ ...JSON.parse(webhook.body), event: 'dsync.user.deleted' }),
    late: await webhookOf(JSON.parse(webhook.body), webhook.lateHeader),
  },
};
process.stdout.write(JSON.stringify(results));
