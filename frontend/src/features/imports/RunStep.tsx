/** The check or the import of a file: progress while it runs, then its counts. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ImportFileNodeFragment, ImportMode, ImportRunNodeFragment } from '@/gql/graphql'
import { actorName } from '@/lib/actorName'
import { useOpenDialog } from '@/lib/dialog'
import { formatCount } from '@/lib/language'
import { serverMessage } from '@/lib/serverMessage'
import { useAction } from '@/lib/useAction'
import { JobStatusBadge } from '@/ui/Badges'
import { Fact, Facts } from '@/ui/Facts'
import { ButtonLink, TextLink } from '@/ui/links'
import { Problems } from '@/ui/Problems'
import { EmptyMessage } from '@/ui/States'
import { When } from '@/ui/When'
import { cancelJob, jobRunLink } from '../jobs/links'
import { importFileLink } from './links'
import { StartImportDocument } from './operations.generated'
import { RunBar } from './RunBar'
import { accountsText, countsOf, isComplete, isLive, runOf } from './runs'

interface StepProps {
  file: ImportFileNodeFragment
  isExpired: boolean
}

export function CheckStep({ file, isExpired }: StepProps) {
  const run = runOf(file, 'CHECK')
  const isBusy = file.runs.some(isLive)
  if (!run) {
    return (
      <EmptyMessage
        title={t`Not checked yet`}
        hint={t`The check reads every line and changes nothing.`}
        action={!isExpired && <StartRun file={file} mode="CHECK" label={t`Check`} />}
      />
    )
  }
  return (
    <RunPanel run={run}>
      {isComplete(run) && run.accounts > 0 && !isExpired && (
        <ButtonLink {...importFileLink(file.id, 'preview')}>{t`Show the preview`}</ButtonLink>
      )}
      {run.rejected > 0 && <RejectsLink file={file} />}
      {!isBusy && !isExpired && (
        <StartRun file={file} mode="CHECK" label={t`Check again`} variant="default" />
      )}
    </RunPanel>
  )
}

export function ImportRunStep({ file, isExpired }: StepProps) {
  const run = runOf(file, 'IMPORT')
  const isBusy = file.runs.some(isLive)
  if (!run) return <NotImported file={file} isExpired={isExpired} isBusy={isBusy} />
  return (
    <RunPanel run={run}>
      {run.rejected > 0 && <RejectsLink file={file} />}
      {!isBusy && !isExpired && (run.rejected > 0 || !isComplete(run)) && (
        <StartRun file={file} mode="IMPORT" label={t`Import again`} variant="default" />
      )}
    </RunPanel>
  )
}

function NotImported({ file, isExpired, isBusy }: StepProps & { isBusy: boolean }) {
  const check = runOf(file, 'CHECK')
  if (isExpired) {
    return (
      <EmptyMessage
        title={t`Not imported`}
        hint={t`The file is deleted. Upload it again to import it.`}
      />
    )
  }
  if (!check || !isComplete(check)) {
    return (
      <EmptyMessage
        title={t`Not checked yet`}
        hint={t`Check the file first.`}
        action={<ButtonLink {...importFileLink(file.id, 'check')}>{t`Go to the check`}</ButtonLink>}
      />
    )
  }
  return (
    <EmptyMessage
      title={t`Not imported yet`}
      hint={importHint(check)}
      action={check.accounts > 0 && !isBusy && <ImportAccounts file={file} check={check} />}
    />
  )
}

/** What the import of a checked file does. */
export function importHint({ accounts, rejected }: ImportRunNodeFragment): string {
  if (accounts === 0) return t`No line of this file creates an account.`
  const created = accountsText(accounts)
  const left = formatCount(rejected)
  return rejected > 0
    ? t`Creates ${created}. Rejected lines are left out: ${left}.`
    : t`Creates ${created}.`
}

export function ImportAccounts({
  file,
  check,
}: {
  file: ImportFileNodeFragment
  check: ImportRunNodeFragment
}) {
  const accounts = accountsText(check.accounts)
  return <StartRun file={file} mode="IMPORT" label={t`Import ${accounts}`} />
}

interface StartRunProps {
  file: ImportFileNodeFragment
  mode: ImportMode
  label: string
  variant?: 'default'
}

function StartRun({ file, mode, label, variant }: StartRunProps) {
  const navigate = useNavigate()
  const start = useAction(StartImportDocument, (data) => data.startImport)

  async function submit() {
    if (!(await start.run({ input: { fileId: file.id, mode } }))) return
    void navigate(importFileLink(file.id, mode === 'CHECK' ? 'check' : 'import'))
  }

  return (
    <Stack gap="xs">
      <Problems of={start.problems} />
      <Button variant={variant} loading={start.busy} onClick={() => void submit()}>
        {label}
      </Button>
    </Stack>
  )
}

function RejectsLink({ file }: { file: ImportFileNodeFragment }) {
  return (
    <ButtonLink {...importFileLink(file.id, 'rejects')} variant="default">
      {t`Show rejected lines`}
    </ButtonLink>
  )
}

function RunPanel({ run, children }: { run: ImportRunNodeFragment; children: ReactNode }) {
  const open = useOpenDialog()
  const { jobRun } = run
  const requestedBy = actorName(jobRun.requestedBy)
  return (
    <Stack>
      <Paper p="md">
        <Group justify="space-between" gap="xs" mb="sm">
          <Group gap="xs">
            <JobStatusBadge status={jobRun.status} />
            <TextLink {...jobRunLink(jobRun.id)}>{t`Job run`}</TextLink>
          </Group>
          {isLive(run) ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlayerStop size={14} aria-hidden />}
              onClick={() => open(cancelJob(jobRun.id))}
            >
              {t`Cancel run`}
            </Button>
          ) : (
            <Text size="sm" c="dimmed">
              <Trans>
                Requested by {requestedBy}, <When at={jobRun.createdAt} />
              </Trans>
            </Text>
          )}
        </Group>
        {jobRun.failure && (
          <Text size="sm" mb="sm">
            {serverMessage(jobRun.failure)}
          </Text>
        )}
        <RunBar run={run} />
      </Paper>
      <RunCounts run={run} />
      <Group gap="xs">{children}</Group>
    </Stack>
  )
}

export function RunCounts({ run }: { run: ImportRunNodeFragment }) {
  return (
    <Facts>
      {countsOf(run).map(([label, count]) => (
        <Fact key={label} label={label}>
          {formatCount(count)}
        </Fact>
      ))}
      {run.existing > 0 && <Fact label={t`Imported before`}>{formatCount(run.existing)}</Fact>}
      <Fact label={t`Rejected lines`}>{formatCount(run.rejected)}</Fact>
    </Facts>
  )
}
