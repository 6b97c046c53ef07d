import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { FormEvent } from 'react'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { DeleteImportFileDocument } from './operations.generated'

export default function DeleteImportFileDialog() {
  const id = useSubjectId()
  const { close } = useDialog()
  const remove = useAction(DeleteImportFileDocument, (data) => data.deleteImportFile)

  async function submit(event?: FormEvent) {
    event?.preventDefault()
    if (!(await remove.run({ id }))) return
    notify(t`File deleted.`)
    close()
  }

  return (
    <FormDialog
      title={t`Delete file`}
      submit={t`Delete file`}
      color="red.9"
      size={460}
      onSubmit={(event) => void submit(event)}
      busy={remove.busy}
      problems={remove.problems}
    >
      <Text size="sm">
        {t`The file, its preview and its rejected lines are deleted. Imported accounts stay.`}
      </Text>
    </FormDialog>
  )
}
