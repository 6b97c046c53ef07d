/** Chooses and uploads a file, and starts its check. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, FileInput, Group, Progress, Stack, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { focusBefore } from '@/lib/focus'
import { notify, notifyOfProblem } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { Panel } from '@/ui/Panel'
import { Problems } from '@/ui/Problems'
import { importFileLink } from './links'
import { StartImportDocument } from './operations.generated'
import { acceptedNames, problemOf, upload, useUpload } from './upload'

export function UploadForm() {
  const router = useRouter()
  const start = useAction(StartImportDocument, (data) => data.startImport)
  const [file, setFile] = useState<File | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const uploading = useUpload()
  const isShown = useRef(true)
  useEffect(() => {
    isShown.current = true
    return () => {
      isShown.current = false
    }
  }, [])

  function choose(chosen: File | null) {
    setFile(chosen)
    setProblem(chosen && problemOf(chosen))
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const refused = file ? problemOf(file) : t`Choose a file`
    setProblem(refused)
    if (!file || refused) return
    const place = router.state.location.pathname
    const outcome = await upload(file)
    if (outcome === 'cancelled') return
    const { name } = file
    if ('problem' in outcome) {
      const { problem } = outcome
      return isShown.current ? setProblem(problem) : notifyOfProblem(t`${name}: ${problem}`)
    }
    await start.run({ input: { fileId: outcome.id, mode: 'CHECK' } })
    if (router.state.location.pathname === place) void router.navigate(importFileLink(outcome.id))
    else notify(t`${name} is uploaded. Its check has started.`)
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
            value={uploading?.file ?? file}
            onChange={choose}
            error={problem}
            disabled={uploading !== null}
          />
          {uploading && (
            <Progress.Root size="lg">
              <Progress.Section
                value={uploading.percent}
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
          <Group gap="xs">
            <Button
              type="submit"
              loading={uploading !== null || start.busy}
              leftSection={<IconFileUpload size={16} aria-hidden />}
            >
              {t`Upload and check`}
            </Button>
            {uploading && (
              <Button
                variant="default"
                onClick={({ currentTarget }) => {
                  focusBefore(currentTarget)
                  choose(uploading.file)
                  uploading.cancel()
                }}
              >
                {t`Cancel upload`}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}
