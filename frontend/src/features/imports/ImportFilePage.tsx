/** One uploaded file: its check, the preview, the import and the rejected lines. For admins. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconFileOff, IconTrash } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { ImportFileNodeFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { Breadcrumb } from '@/ui/Breadcrumb'
import { ConnectionNotice } from '@/ui/ConnectionNotice'
import { Dotted } from '@/ui/Dotted'
import { ButtonLink, TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { LoadError, NoSuchScreen, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { jobsLink } from '../jobs/links'
import { deleteImportFile, importsLink } from './links'
import { ImportFilePageDocument } from './operations.generated'
import { Preview } from './Preview'
import { Rejects } from './Rejects'
import { CheckStep, ImportRunStep } from './RunStep'
import { currentStep, isLive } from './runs'
import { StepLinks } from './StepLinks'
import type { ImportSearch } from './search'
import { useLiveFile } from './useLiveRuns'

interface ImportFilePageProps {
  id: string
  search: ImportSearch
}

export function ImportFilePage(props: ImportFilePageProps) {
  return (
    <AdminsOnly title={t`Import accounts`}>
      <LoadedFile {...props} />
    </AdminsOnly>
  )
}

function LoadedFile({ id, search }: ImportFilePageProps) {
  const [result, refetch] = useQuery({
    query: ImportFilePageDocument,
    variables: { id },
    pause: !useMay('ADMIN'),
  })
  const refetchNow = () => refetch({ requestPolicy: 'network-only' })
  return (
    <QueryResult result={result} retry={refetchNow} lines={8}>
      {({ node }) =>
        node?.__typename === 'ImportFile' ? (
          <Loaded read={node} search={search} refetchNow={refetchNow} />
        ) : (
          <NoSuchFile />
        )
      }
    </QueryResult>
  )
}

interface LoadedProps {
  read: ImportFileNodeFragment
  search: ImportSearch
  refetchNow: () => void
}

function Loaded({ read, search, refetchNow }: LoadedProps) {
  const open = useOpenDialog()
  const { file, error, listen } = useLiveFile(read, refetchNow)
  const step = search.step ?? currentStep(file)
  const isExpired = Date.parse(file.expiresAt) <= Date.now()
  const { uploadedBy } = file
  return (
    <>
      <Breadcrumb here={file.name}>
        <TextLink {...jobsLink}>{t`Jobs`}</TextLink>
        <TextLink {...importsLink}>{t`Import accounts`}</TextLink>
      </Breadcrumb>
      <PageHeader
        title={file.name}
        hint={
          <Dotted>
            <Trans>
              Uploaded by {uploadedBy}, <When at={file.createdAt} />
            </Trans>
            {isExpired ? (
              <Trans>The file is deleted.</Trans>
            ) : (
              <Trans>
                kept until <When at={file.expiresAt} day />
              </Trans>
            )}
          </Dotted>
        }
        actions={
          !isExpired && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconTrash size={14} aria-hidden />}
              disabled={file.runs.some(isLive)}
              onClick={() => open(deleteImportFile(file.id))}
            >
              {t`Delete file`}
            </Button>
          )
        }
      />
      {file.runs.some(isLive) && <ConnectionNotice onMeanwhile={refetchNow} />}
      {error && <LoadError error={error} retry={listen} />}
      <StepLinks file={file} current={step} />
      {step === 'check' && <CheckStep file={file} isExpired={isExpired} />}
      {step === 'preview' && <Preview file={file} search={search} isExpired={isExpired} />}
      {step === 'import' && <ImportRunStep file={file} isExpired={isExpired} />}
      {step === 'rejects' && <Rejects file={file} search={search} isExpired={isExpired} />}
    </>
  )
}

function NoSuchFile() {
  return (
    <NoSuchScreen
      tab={t`File not found · Tenure`}
      icon={<IconFileOff />}
      title={t`This file doesn't exist`}
      hint={t`Check the address, or open the list of files.`}
      action={<ButtonLink {...importsLink}>{t`All files`}</ButtonLink>}
    />
  )
}
