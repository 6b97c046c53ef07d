/** The tokens of partner systems. For admins. */
import { plural, t } from '@lingui/core/macro'
import { IconKey } from '@tabler/icons-react'
import { only } from '@/lib/filterValues'
import { roleLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { AdminList } from '@/ui/AdminList'
import { choices } from '@/ui/listFilters'
import { createToken } from './links'
import { TokensDocument } from './operations.generated'
import type { Revoked, TokensSearch } from './search'
import { tokenColumns } from './tokenColumns'

const revokedLabels: Record<Revoked, string> = { no: t`Not revoked`, yes: t`Revoked` }

const filters = [choices('revoked', t`Status`, revokedLabels), choices('role', t`Role`, roleLabels)]

export function TokensPage({ search }: { search: TokensSearch }) {
  const filter = { role: search.role, isRevoked: only(search.revoked, 'yes', 'no') }
  return (
    <AdminList
      title={t`API tokens`}
      hint={t`The access of partner systems to the API`}
      list="tokens"
      toolsLabel={t`Filter tokens`}
      search={search}
      filters={filters}
      create={{ label: t`New token`, dialog: createToken }}
      exported={{ list: 'tokens', filter }}
      query={TokensDocument}
      variables={{ ...filter, ...pageArguments(search) }}
      pageOf={({ tokens }) => tokens}
      columns={tokenColumns}
      minWidth={960}
      count={(total) => plural(total, { one: '# token', other: '# tokens' })}
      empty={{
        icon: <IconKey />,
        title: t`No tokens yet`,
        hint: t`A partner system signs in with a token of its own, for example a shop or a CRM.`,
      }}
      noMatch={{ title: t`No token matches` }}
    />
  )
}
