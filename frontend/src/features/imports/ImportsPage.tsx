/** Upload of a file of accounts, and the files that were uploaded. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { ImportFileRowFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { formatCount } from '@/lib/language'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { isRunning } from '@/lib/runProgress'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { JobStatusBadge } from '@/ui/Badges'
import { Breadcrumb } from '@/ui/Breadcrumb'
import { ConnectionNotice } from '@/ui/ConnectionNotice'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, PageRows, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { jobsLink } from '../jobs/links'
import { importFileLink } from './links'
import { ImportFilesDocument } from './operations.generated'
import { modeLabels } from './runs'
import { UploadForm } from './UploadForm'
import { useImportsChange } from './useLiveRuns'

export function ImportsPage({ search }: { search: PageSearch }) {
  return (
    <AdminsOnly title={t`Import accounts`}>
      <Breadcrumb here={t`Import accounts`}>
        <TextLink {...jobsLink}>{t`Jobs`}</TextLink>
      </Breadcrumb>
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
  const isBusy = files.some((file) => file.runs.some(isRunning))
  useImportsChange(isBusy, refetchNow)
  return (
    <Panel title={t`Uploaded files`}>
      {isBusy && <ConnectionNotice onMeanwhile={refetchNow} />}
      <QueryResult result={result} retry={refetchNow}>
        {({ importFiles }) => (
          <PageRows
            page={importFiles}
            empty={
              <EmptyMessage
                title={t`No uploaded files`}
                hint={t`Files appear here after their upload, with the result of their last run.`}
              />
            }
          >
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
          </PageRows>
        )}
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
        <When at={row.original.createdAt} />
        <Text size="xs" c="dimmed">
          {row.original.uploadedBy}
        </Text>
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
    <Group gap="0 6px">
      <span>{modeLabels[run.mode]}</span>
      <JobStatusBadge status={run.status} />
    </Group>
  )
}
