/** Chooses and uploads a file, and starts its check. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, FileInput, Progress, Stack, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useAction } from '@/lib/useAction'
import { Problems } from '@/ui/FormDialog'
import { Panel } from '@/ui/Panel'
import { importFileLink } from './links'
import { StartImportDocument } from './operations.generated'
import { acceptedNames, problemOf, upload } from './upload'

export function UploadForm() {
  const router = useRouter()
  const start = useAction(StartImportDocument, (data) => data.startImport)
  const [file, setFile] = useState<File | null>(null)
  const [percent, setPercent] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  function choose(chosen: File | null) {
    setFile(chosen)
    setProblem(chosen && problemOf(chosen))
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const refused = file ? problemOf(file) : t`Choose a file`
    setProblem(refused)
    if (!file || refused) return
    setPercent(0)
    const place = router.state.location.pathname
    const outcome = await upload(file, setPercent)
    setPercent(null)
    if ('problem' in outcome) return setProblem(outcome.problem)
    await start.run({ input: { fileId: outcome.id, mode: 'CHECK' } })
    // Who has left meanwhile finds the file in the list.
    if (router.state.location.pathname === place) void router.navigate(importFileLink(outcome.id))
  }

  return (
    <Panel title={t`New import`}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="sm" p="md" maw={640}>
          <Problems of={start.problems} />
          <FileInput
            label={t`File`}
            description={t`One account per line: JSON Lines, or CSV with a header. At most 256 MB.`}
            placeholder={t`Choose a file`}
            accept={acceptedNames}
            required
            clearable
            clearButtonProps={{ 'aria-label': t`Clear the file` }}
            value={file}
            onChange={choose}
            error={problem}
            disabled={percent !== null}
          />
          {percent !== null && (
            <Progress.Root size="lg">
              <Progress.Section
                value={percent}
                color="var(--tenure-busy)"
                aria-label={t`Upload progress`}
              />
            </Progress.Root>
          )}
          <Text size="sm" c="dimmed">
            <Trans>
              The check changes nothing. The file is kept for seven days, then it is deleted.
            </Trans>
          </Text>
          <Button
            type="submit"
            loading={percent !== null || start.busy}
            leftSection={<IconFileUpload size={16} aria-hidden />}
            style={{ alignSelf: 'start' }}
          >
            {t`Upload and check`}
          </Button>
        </Stack>
      </form>
    </Panel>
  )
}
