import { t } from '@lingui/core/macro'
import { Text, Textarea } from '@mantine/core'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { EditDialog } from '@/ui/EditDialog'
import { NoteLoader, type NoteSubject } from './NoteLoader'
import { ChangeNoteDocument } from './operations.generated'

interface NoteValues {
  text: string
}

const noteValues = ({ text }: NoteValues): NoteValues => ({ text })

const noteRules = { text: (value: string) => (value.trim() ? null : t`Enter a text`) }

export default function EditNoteDialog() {
  return (
    <NoteLoader title={t`Edit note`}>{(note) => <EditForm key={note.id} note={note} />}</NoteLoader>
  )
}

function EditForm({ note }: { note: NoteSubject }) {
  const { close } = useDialog()
  const edit = useEditForm<NoteSubject, NoteValues>(note, noteValues, noteRules)
  const change = useAction(ChangeNoteDocument, (data) => data.updateNote, edit.form)

  async function submit({ text }: NoteValues) {
    const changed = await change.run({
      input: { noteId: note.id, text: text.trim(), expectedVersion: edit.version },
    })
    if (!changed) return
    notify(t`Note saved.`)
    close()
  }

  const author = note.changedBy ?? note.createdBy
  return (
    <EditDialog
      title={t`Edit note`}
      edit={edit}
      saving={change}
      onSubmit={submit}
      staleTitle={t`${author} just changed this note`}
      stale={{ text: <ChangedText text={note.text} />, button: t`Continue editing` }}
    >
      <Textarea
        label={t`Text`}
        required
        data-autofocus
        autosize
        minRows={3}
        maxRows={12}
        {...edit.form.getInputProps('text')}
      />
    </EditDialog>
  )
}

/** The text that somebody else has written meanwhile, which saving would replace. */
function ChangedText({ text }: { text: string }) {
  return (
    <>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </Text>
      {t`What you typed is kept. Saving it replaces the text above.`}
    </>
  )
}
