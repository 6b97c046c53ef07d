/** Schedules the suspension of a customer: `node dist/example.js "nora han" 2040-01-02T00:00:00Z`. */
import { TenureClient } from './client.js'
import { ChangeAccountStatusDocument, FindAccountsDocument } from './tenureApi.js'

const [search, deferUntil] = process.argv.slice(2)
const { TENURE: url, TOKEN: token } = process.env
if (!search || !deferUntil || !url || !token) {
  console.error('usage: TENURE=… TOKEN=… node dist/example.js SEARCH TIME')
  process.exit(2)
}

const client = new TenureClient({ url, token })
const { accounts } = await client.run(FindAccountsDocument, { search })
const [account, ...others] = accounts.nodes
if (!account || others.length > 0) {
  console.error(`${accounts.nodes.length} accounts match ${search}`)
  process.exit(1)
}

const { changeAccountStatus: payload } = await client.run(ChangeAccountStatusDocument, {
  input: {
    accountId: account.id,
    status: 'INACTIVE',
    deferUntil,
    expectedVersion: account.version,
  },
})
for (const { code, path, message } of payload?.errors ?? []) {
  console.error(`${code} ${path.join('.')}: ${message}`)
  process.exitCode = 1
}
if (payload?.deferredAction) {
  console.log(`${payload.deferredAction.summary}: ${payload.deferredAction.status}`)
}
