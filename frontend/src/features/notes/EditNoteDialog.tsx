import { t } from '@lingui/core/macro'
import { Button, Stack, Text, Textarea } from '@mantine/core'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { FormDialog } from '@/ui/FormDialog'
import { Warning } from '@/ui/Warning'
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

  function takeOver() {
    edit.takeOver()
    change.clear()
  }

  return (
    <FormDialog
      title={t`Edit note`}
      submit={t`Save`}
      onSubmit={edit.form.onSubmit(submit)}
      busy={change.busy}
      problems={edit.isStale ? [] : change.problems}
      form={edit.form}
      ready={!edit.isStale}
    >
      {edit.isStale && <ChangedNote note={note} onTakeOver={takeOver} />}
      <Textarea
        label={t`Text`}
        required
        data-autofocus
        autosize
        minRows={3}
        maxRows={12}
        {...edit.form.getInputProps('text')}
      />
    </FormDialog>
  )
}

/** The text that somebody else has written meanwhile, which saving would replace. */
function ChangedNote({ note, onTakeOver }: { note: NoteSubject; onTakeOver: () => void }) {
  const author = note.changedBy ?? note.createdBy
  return (
    <Warning title={t`${author} just changed this note`} role="alert">
      <Stack gap="sm" align="start">
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {note.text}
        </Text>
        {t`What you typed is kept. Saving it replaces the text above.`}
        <Button size="xs" variant="default" onClick={onTakeOver}>
          {t`Continue editing`}
        </Button>
      </Stack>
    </Warning>
  )
}
