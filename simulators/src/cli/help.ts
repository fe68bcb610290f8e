import { dialectNames, providers } from '../dialects/providers.js';

function settingsHelp(): string {
  return dialectNames
    .map((name) => {
      const { choices, title } = providers[name];
      const settings = Object.entries(choices).map(([key, words]) => `${key}=${words.join('|')}`);
      return `  ${name.padEnd(10)} ${title}: ${settings.join(', ')}`;
    })
    .join('\n');
}

export function helpText(): string {
  return `Acts as an identity provider that pushes its people over SCIM 2.0.

USAGE
  $ rollcall-simulate COMMAND DIALECT --url URL --token env:NAME|file:PATH [FLAGS]

COMMANDS
  test      presses the provider's "test connection"
  assign    assigns everybody and pushes all groups
  day       sends the changes of the next day
  week      sends the changes of all days that are left
  compare   reads everything back and lists what differs from what the provider believes
  run       test, assign, week and compare

DIALECTS and their settings (--set NAME=VALUE)
${settingsHelp()}

FLAGS
  --url URL           base address, such as https://host/scim/v2/acme; Entra's flags are its query
  --token REF         where the token is: env:NAME or file:PATH
  --set NAME=VALUE    a setting of the dialect; may come several times
  --seed N            1: what people, changes, ids and faults are drawn from
  --people N          300
  --groups N          20
  --days N            5: days of changes after the assignment
  --domain NAME       acme.example: of logins and addresses
  --concurrency N     4: tasks at once
  --duplicates SHARE  0: share of writes that are sent twice
  --drops SHARE       0: share of answers that are thrown away after the server did the work
  --shuffle           whatever order the provider leaves free
  --timeout SECONDS   60
  --max-wait SECONDS  shortens the provider's waits before it tries again
  --state FILE        keeps what the provider remembers, so that the next command goes on from there
  --expected FILE     writes what the provider believes of the server; compare reads it where there is no state
  --json              one JSON document

EXIT CODES
  0 done, nothing differs   1 problems or differences   64 usage   69 unreachable or refused   78 token or file unreadable

EXAMPLES
  $ rollcall-simulate run okta --url http://127.0.0.1:8080/scim/v2/acme --token env:SCIM_TOKEN --people 50 --groups 5
  $ rollcall-simulate assign entra --url 'http://127.0.0.1:8080/scim/v2/acme?aadOptscim062020' --token env:SCIM_TOKEN --state entra.json
  $ rollcall-simulate compare entra --url 'http://127.0.0.1:8080/scim/v2/acme?aadOptscim062020' --token env:SCIM_TOKEN --state entra.json
`;
}
