import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { When } from '@/ui/When'
import { NoteLoader, type NoteSubject } from './NoteLoader'
import { DeleteNoteDocument } from './operations.generated'

export default function DeleteNoteDialog() {
  return <NoteLoader title={t`Delete note`}>{(note) => <DeleteForm note={note} />}</NoteLoader>
}

/** Deletes the note as it is shown: if others change it meanwhile, the change is shown first. */
function DeleteForm({ note }: { note: NoteSubject }) {
  const { close } = useDialog()
  const remove = useAction(DeleteNoteDocument, (data) => data.deleteNote)
  const { createdBy } = note

  async function submit() {
    const deleted = await remove.run({ id: note.id, expectedVersion: note.version })
    if (!deleted) return
    notify(t`Note deleted.`)
    close()
  }

  return (
    <FormDialog
      title={t`Delete note`}
      submit={t`Delete note`}
      color="red.9"
      size={460}
      busy={remove.busy}
      problems={remove.problems}
      onSubmit={(event) => {
        event?.preventDefault()
        void submit()
      }}
    >
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {note.text}
      </Text>
      <Text size="sm" c="dimmed">
        <Trans>
          Written by {createdBy} on <When at={note.createdAt} />. It can't be restored.
        </Trans>
      </Text>
    </FormDialog>
  )
}
