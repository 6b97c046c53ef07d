/** The tokens of partner systems. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Paper } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { DataTable } from '@/ui/DataTable'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { createToken } from './links'
import { TokensDocument } from './operations.generated'
import { tokenColumns } from './tokenColumns'

export function TokensPage({ search }: { search: PageSearch }) {
  return (
    <AdminsOnly title={t`API tokens`}>
      <Tokens search={search} />
    </AdminsOnly>
  )
}

function Tokens({ search }: { search: PageSearch }) {
  const open = useOpenDialog()
  const [result, refetch] = useQuery({
    query: TokensDocument,
    variables: pageArguments(search),
    pause: !useMay('ADMIN'),
  })
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(createToken)}>
      {t`New token`}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={t`API tokens`}
        hint={t`The access of partner systems to the API`}
        actions={create}
      />
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={8}
        >
          {({ tokens }) =>
            tokens.nodes.length > 0 ? (
              <>
                <DataTable
                  label={t`API tokens`}
                  columns={tokenColumns}
                  rows={tokens.nodes}
                  minWidth={960}
                />
                <Pager
                  page={tokens.pageInfo}
                  count={plural(tokens.totalCount, { one: '# token', other: '# tokens' })}
                />
              </>
            ) : (
              <EmptyMessage
                icon={<IconKey />}
                title={t`No tokens yet`}
                hint={
                  <Trans>
                    A partner system signs in with a token of its own, for example a shop or a CRM.
                  </Trans>
                }
                action={create}
              />
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}
