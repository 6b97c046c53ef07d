/** Upload of a file of accounts, and the files that were uploaded. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Box, Breadcrumbs, Stack, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { ImportFileRowFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { formatCount } from '@/lib/language'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { useRefresh } from '@/lib/useRefresh'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { JobStatusBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { jobsLink } from '../jobs/links'
import { importFileLink } from './links'
import { ImportFilesDocument } from './operations.generated'
import { isLiveStatus, modeLabels } from './runs'
import { UploadForm } from './UploadForm'

export function ImportsPage({ search }: { search: PageSearch }) {
  return (
    <AdminsOnly title={t`Import accounts`}>
      <Breadcrumbs component="nav" aria-label={t`Breadcrumb`} mb={6} separatorMargin={6}>
        <TextLink {...jobsLink}>{t`Jobs`}</TextLink>
        <Text size="sm" c="dimmed" aria-current="page">
          {t`Import accounts`}
        </Text>
      </Breadcrumbs>
      <PageHeader
        title={t`Import accounts`}
        hint={t`Upload a file, check it, look at the preview, then import it.`}
      />
      <Stack>
        <UploadForm />
        <Files search={search} />
      </Stack>
    </AdminsOnly>
  )
}

function Files({ search }: { search: PageSearch }) {
  const [result, refetch] = useQuery({
    query: ImportFilesDocument,
    variables: pageArguments(search),
    pause: !useMay('ADMIN'),
  })
  const refetchNow = () => refetch({ requestPolicy: 'network-only' })
  const files = result.data?.importFiles.nodes ?? []
  useRefresh(
    refetchNow,
    files.some((file) => file.runs.some(({ status }) => isLiveStatus(status))) ? 2 : null,
  )
  return (
    <Panel title={t`Uploaded files`}>
      <QueryResult result={result} retry={refetchNow}>
        {({ importFiles }) =>
          importFiles.nodes.length === 0 ? (
            <EmptyMessage
              title={t`No uploaded files`}
              hint={t`Files appear here after their upload, with the result of their last run.`}
            />
          ) : (
            <>
              <DataTable
                label={t`Uploaded files`}
                columns={columns}
                rows={importFiles.nodes}
                minWidth={760}
              />
              <Pager
                page={importFiles.pageInfo}
                count={plural(importFiles.totalCount, { one: '# file', other: '# files' })}
              />
            </>
          )
        }
      </QueryResult>
    </Panel>
  )
}

const columns: Column<ImportFileRowFragment>[] = [
  {
    id: 'name',
    header: t`File`,
    cell: ({ row }) => (
      <TextLink {...importFileLink(row.original.id)} fw={500}>
        {row.original.name}
      </TextLink>
    ),
  },
  { id: 'lines', header: t`Lines`, cell: ({ row }) => formatCount(row.original.lines) },
  { id: 'run', header: t`Last run`, cell: ({ row }) => <LastRun file={row.original} /> },
  {
    id: 'uploaded',
    header: t`Uploaded`,
    cell: ({ row }) => (
      <>
        <When at={row.original.createdAt} />, {row.original.uploadedBy}
      </>
    ),
  },
  {
    id: 'kept',
    header: t`Kept until`,
    cell: ({ row }) => <When at={row.original.expiresAt} day />,
  },
]

function LastRun({ file }: { file: ImportFileRowFragment }) {
  const [run] = file.runs
  if (!run) return t`Not checked`
  return (
    <Box>
      {modeLabels[run.mode]} <JobStatusBadge status={run.status} />
    </Box>
  )
}
