/** The tokens of partner systems. For admins. */
import { plural, t } from '@lingui/core/macro'
import { IconKey } from '@tabler/icons-react'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { AdminList } from '@/ui/AdminList'
import { createToken } from './links'
import { TokensDocument } from './operations.generated'
import { tokenColumns } from './tokenColumns'

export function TokensPage({ search }: { search: PageSearch }) {
  return (
    <AdminList
      title={t`API tokens`}
      hint={t`The access of partner systems to the API`}
      create={{ label: t`New token`, dialog: createToken }}
      query={TokensDocument}
      variables={pageArguments(search)}
      listOf={({ tokens }) => tokens}
      columns={tokenColumns}
      minWidth={960}
      countOf={(total) => plural(total, { one: '# token', other: '# tokens' })}
      empty={{
        icon: <IconKey />,
        title: t`No tokens yet`,
        hint: t`A partner system signs in with a token of its own, for example a shop or a CRM.`,
      }}
    />
  )
}
