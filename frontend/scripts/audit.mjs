/** Audits a GraphQL endpoint: prints the result of each check of the GraphQL-over-HTTP suite. */
import { auditServer } from 'graphql-http'

const [url, token] = process.argv.slice(2)

const results = await auditServer({
  url,
  fetchFn: (address, options) =>
    fetch(address, {
      ...options,
      headers: { ...options?.headers, authorization: `Bearer ${token}` },
    }),
})
console.log(JSON.stringify(results.map(({ name, status, reason }) => ({ name, status, reason }))))
